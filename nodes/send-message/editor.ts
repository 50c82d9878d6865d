import { chooseOnlyConfigNode } from '../common/editor/choose-only-config-node.js';
import { configNodeProblem } from '../common/editor/config-node-problem.js';
import { prepareDeliveryFields } from '../common/editor/delivery-fields.js';
import { sayFieldErrors } from '../common/editor/field-errors.js';
import { shorten } from '../common/editor/shorten.js';
import { prepareTypedInput } from '../common/editor/typed-input-field.js';
import { verdict } from '../common/editor/verdict.js';
import { SEND_MESSAGE_DEFAULTS as DEFAULTS, type SendMessageFields } from './definition.js';

/** Longer ones would cover what stands beside the node. */
const MAX_LABEL_LENGTH = 30;

RED.nodes.registerType<SendMessageFields>('poke-send-message', {
  category: 'poke',
  color: '#C7E9C0',
  icon: 'poke-send-message.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: DEFAULTS.name },
    account: {
      value: DEFAULTS.account,
      type: 'poke-account',
      validate(value, options) {
        return verdict(configNodeProblem(value), options, (problem) =>
          this._(`invalid.account.${problem}`),
        );
      },
    },
    message: {
      value: DEFAULTS.message,
      validate(value, options) {
        if (value.trim() === '') return options ? this._('invalid.messageBlank') : false;
        return RED.validators.typedInput({ typeField: 'messageType' }).call(this, value, options);
      },
    },
    messageType: { value: DEFAULTS.messageType },
    context: {
      value: DEFAULTS.context,
      validate(value, options) {
        if (value.trim() === '') return true;
        return RED.validators.typedInput({ typeField: 'contextType' }).call(this, value, options);
      },
    },
    contextType: { value: DEFAULTS.contextType },
    delivery: { value: DEFAULTS.delivery },
    latestOnly: { value: DEFAULTS.latestOnly },
  },
  paletteLabel() {
    return this._('paletteLabel');
  },
  label() {
    if (this.name) return this.name;
    if (this.messageType !== 'str') return this._('nodeLabel');
    return this._('nodeLabelWithText', { text: shorten(this.message, MAX_LABEL_LENGTH) });
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    prepareTypedInput({
      name: 'message',
      types: ['msg', 'flow', 'global', 'str', 'jsonata', 'env'],
      label: this._('label.message'),
    });
    prepareTypedInput({
      name: 'context',
      types: ['json', 'msg', 'flow', 'global', 'jsonata'],
      label: this._('label.context'),
    });
    prepareDeliveryFields();
    chooseOnlyConfigNode('node-input-account');
    sayFieldErrors(this, 'node-input');
  },
});
