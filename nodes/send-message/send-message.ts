import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { messageDelivery } from '../../src/index.js';
import { deliverInput } from '../common/deliver.js';
import { evaluateTypedInput } from '../common/typed-input.js';
import { withDefaults } from '../common/with-defaults.js';
import { SEND_MESSAGE_DEFAULTS, type SendMessageFields } from './definition.js';

/** Registers `poke-send-message`: each message that comes in is sent to the agent as a text. */
export default function register(RED: NodeAPI): void {
  function SendMessageNode(this: Node, saved: NodeDef & Partial<SendMessageFields>): void {
    RED.nodes.createNode(this, saved);
    const fields = withDefaults(SEND_MESSAGE_DEFAULTS, saved);
    const text = { name: 'message', value: fields.message, type: fields.messageType };
    const context = { name: 'context', value: fields.context, type: fields.contextType };
    const contextOf = async (message: NodeMessageInFlow) =>
      fields.context.trim() === '' ? undefined : evaluateTypedInput(RED, this, context, message);
    deliverInput(RED, this, {
      account: fields.account,
      delivery: fields.delivery,
      latestOnly: fields.latestOnly,
      compose: async (message, deliveryId) =>
        messageDelivery(
          deliveryId,
          await evaluateTypedInput(RED, this, text, message),
          await contextOf(message),
        ),
    });
  }
  RED.nodes.registerType('poke-send-message', SendMessageNode);
}
