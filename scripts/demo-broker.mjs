import { once } from 'node:events';
import { createServer } from 'node:net';
import { Aedes } from 'aedes';

/** The environment variable by which the demo's flows know the port. */
export const brokerPortVariable = 'DEMO_MQTT_PORT';

/**
 * Starts an MQTT broker for the examples that need one. It ends with this process.
 * @param {number} port
 */
export async function startBroker(port) {
  const broker = await Aedes.createBroker();
  const server = createServer((socket) => {
    broker.handle(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}
