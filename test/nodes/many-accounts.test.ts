import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { accountNode, sendMessageNode } from '../support/flows.js';
import { usePokeNodes } from './use-poke-nodes.js';

const poke = usePokeNodes();

it('many accounts add no more listeners to Node-RED than Node.js leaves unwarned', async () => {
  const flows = Array.from({ length: 12 }, (_, index) => [
    accountNode({ id: `account-${index}` }),
    sendMessageNode({ id: `send-${index}`, account: `account-${index}`, delivery: 'durable' }),
  ]);
  const counts: number[] = [];
  let count = (): void => undefined;
  await poke.nodes.deploy([...poke.flow(), ...flows.flat()], {
    prepare: ({ events }) => {
      count = () => {
        counts.push(events.listenerCount('flows:started'), events.listenerCount('flows:stopping'));
      };
    },
  });
  count();
  await poke.nodes.stop();
  expect(counts).toHaveLength(2);
  expect(Math.max(...counts)).toBeLessThanOrEqual(EventEmitter.defaultMaxListeners);
});
