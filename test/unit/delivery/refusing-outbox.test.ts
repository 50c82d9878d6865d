import { expect, it } from 'vitest';
import { messageDelivery } from '../../../src/delivery/delivery.js';
import { RefusingOutbox } from '../../../src/delivery/refusing-outbox.js';
import { InputError } from '../../../src/errors/errors.js';

it('a refusing outbox fails every delivery with its reason, and closes at once', async () => {
  const error = new InputError('baseUrlNotUrl');
  const outbox = new RefusingOutbox(error);
  for (const deliveryId of ['d-1', 'd-2']) {
    const outcome = await outbox.accept(messageDelivery(deliveryId, 'Hi'));
    expect(outcome).toStrictEqual({ state: 'failed', deliveryId, attempts: 0, error });
  }
  await expect(outbox.close()).resolves.toBeUndefined();
});
