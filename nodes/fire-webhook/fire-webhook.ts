import type { Node, NodeAPI, NodeDef } from 'node-red';
import { eventDelivery, readWebhookSource, resolveWebhook } from '../../src/index.js';
import { deliverInput } from '../common/deliver.js';
import { evaluateTypedInput } from '../common/typed-input.js';
import { joinWebhook, savedWebhook } from '../common/webhook.js';
import { withDefaults } from '../common/with-defaults.js';
import { FIRE_WEBHOOK_DEFAULTS, type FireWebhookFields } from './definition.js';

/** Registers `poke-fire-webhook`: each message that comes in is an event for a webhook trigger. */
export default function register(RED: NodeAPI): void {
  function FireWebhook(this: Node, saved: NodeDef & Partial<FireWebhookFields>): void {
    RED.nodes.createNode(this, saved);
    const fields = withDefaults(FIRE_WEBHOOK_DEFAULTS, saved);
    const source = { name: 'source', value: fields.source, type: fields.sourceType };
    const data = { name: 'data', value: fields.data, type: fields.dataType };
    const isSaved = fields.webhook !== '';
    const webhook = joinWebhook(RED, fields.webhook, this);
    deliverInput(RED, this, {
      account: isSaved ? (webhook?.fields.account ?? '') : fields.account,
      delivery: fields.delivery,
      latestOnly: fields.latestOnly,
      needsKey: false,
      check: () => {
        if (isSaved) savedWebhook(RED, webhook);
      },
      compose: async (message, deliveryId, account) => {
        const found = isSaved
          ? savedWebhook(RED, webhook)
          : readWebhookSource(await evaluateTypedInput(RED, this, source, message));
        const target = await resolveWebhook(found, account.webhooks);
        const value = await evaluateTypedInput(RED, this, data, message);
        const named = isSaved ? { ...target, webhook: fields.webhook } : target;
        return eventDelivery(deliveryId, named, value, message.topic);
      },
    });
  }
  RED.nodes.registerType('poke-fire-webhook', FireWebhook);
}
