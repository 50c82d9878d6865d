import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import {
  InputError,
  type KnownWebhook,
  newDeliveryId,
  type Webhook,
  type WebhookTexts,
  webhookTexts,
} from '../../src/index.js';
import { joinAccount, requireAccount, watchAccount } from '../common/account.js';
import { commandIn, errorFacts } from '../common/delivery-facts.js';
import { onInput } from '../common/on-input.js';
import { Report } from '../common/report.js';
import { evaluateTypedInput } from '../common/typed-input.js';
import { withDefaults } from '../common/with-defaults.js';
import { CREATE_WEBHOOK_DEFAULTS, type CreateWebhookFields } from './definition.js';

/** Registers `poke-create-webhook`: makes a webhook trigger, and the same one only once. */
export default function register(RED: NodeAPI): void {
  function CreateWebhook(this: Node, saved: NodeDef & Partial<CreateWebhookFields>): void {
    RED.nodes.createNode(this, saved);
    const fields = withDefaults(CREATE_WEBHOOK_DEFAULTS, saved);
    const report = new Report(RED, this);
    const account = joinAccount(RED, fields.account, this);
    watchAccount(account, report);
    onInput(this, report, async (message) => {
      report.show('sending');
      const deliveryId = newDeliveryId();
      let attempts = 0;
      try {
        const command = commandIn(message, ['forget']);
        const { webhooks } = requireAccount(account);
        const texts = await textsFor(RED, this, fields, message);
        if (command === 'forget') {
          const forgotten = await webhooks.forget((known) => standsInFor(known, texts));
          message['poke'] = { deliveryId, attempts: 0, forgotten };
          return { status: 'webhookForgotten' };
        }
        const { webhook, created } = await webhooks.create(texts, fields.once);
        attempts = created ? 1 : 0;
        message['poke'] = { deliveryId, attempts, created };
        setOutput(RED, message, fields, webhook);
        return { message, status: 'webhookReady' };
      } catch (error) {
        message['poke'] = errorFacts(deliveryId, attempts, error);
        throw error;
      }
    });
  }
  RED.nodes.registerType('poke-create-webhook', CreateWebhook);
}

async function textsFor(
  RED: NodeAPI,
  node: Node,
  { condition, conditionType, action, actionType }: CreateWebhookFields,
  message: NodeMessageInFlow,
): Promise<WebhookTexts> {
  const evaluate = (name: string, value: string, type: string) =>
    evaluateTypedInput(RED, node, { name, value, type }, message);
  return webhookTexts({
    condition: await evaluate('condition', condition, conditionType),
    action: await evaluate('action', action, actionType),
  });
}

function standsInFor(known: KnownWebhook, { condition, action }: WebhookTexts): boolean {
  return known.once && known.condition === condition && known.action === action;
}

function setOutput(
  RED: NodeAPI,
  message: NodeMessageInFlow,
  { output, hideToken }: CreateWebhookFields,
  webhook: Webhook,
): void {
  const { webhookToken, ...shown } = webhook;
  let isSet: boolean;
  try {
    isSet = RED.util.setMessageProperty(message, output, hideToken ? shown : webhook, true);
  } catch (error) {
    throw new InputError('outputUnusable', { output, detail: String(error) });
  }
  // Node-RED says no more than this when the message has a text or a number on the way there.
  if (!isSet) throw new InputError('outputBlocked', { output });
}
