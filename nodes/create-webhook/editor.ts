import { chooseOnlyConfigNode } from '../common/editor/choose-only-config-node.js';
import { configNodeProblem } from '../common/editor/config-node-problem.js';
import { sayFieldErrors } from '../common/editor/field-errors.js';
import { shorten } from '../common/editor/shorten.js';
import { prepareTypedInput } from '../common/editor/typed-input-field.js';
import { verdict } from '../common/editor/verdict.js';
import { type CreateWebhookFields, CREATE_WEBHOOK_DEFAULTS as DEFAULTS } from './definition.js';
import { prepareKnownWebhooks } from './editor/known-webhooks.js';

/** Longer ones would cover what stands beside the node. */
const MAX_LABEL_LENGTH = 20;

RED.nodes.registerType<CreateWebhookFields>('poke-create-webhook', {
  category: 'poke',
  color: '#C7E9C0',
  icon: 'poke-create-webhook.svg',
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
    condition: {
      value: DEFAULTS.condition,
      validate(value, options) {
        if (value.trim() === '') return options ? this._('invalid.condition') : false;
        return RED.validators.typedInput({ typeField: 'conditionType' }).call(this, value, options);
      },
    },
    conditionType: { value: DEFAULTS.conditionType },
    action: {
      value: DEFAULTS.action,
      validate(value, options) {
        if (value.trim() === '') return options ? this._('invalid.action') : false;
        return RED.validators.typedInput({ typeField: 'actionType' }).call(this, value, options);
      },
    },
    actionType: { value: DEFAULTS.actionType },
    once: { value: DEFAULTS.once },
    output: {
      value: DEFAULTS.output,
      validate(value, options) {
        if (RED.utils.validatePropertyExpression(value)) return true;
        return options ? this._('invalid.output') : false;
      },
    },
    hideToken: { value: DEFAULTS.hideToken },
  },
  paletteLabel() {
    return this._('paletteLabel');
  },
  label() {
    if (this.name) return this.name;
    if (this.conditionType !== 'str' || this.condition.trim() === '') return this._('nodeLabel');
    return this._('nodeLabelWithCondition', {
      condition: shorten(this.condition, MAX_LABEL_LENGTH),
    });
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    for (const name of ['condition', 'action'] as const) {
      prepareTypedInput({
        name,
        types: ['str', 'msg', 'flow', 'global', 'jsonata', 'env'],
        label: this._(`label.${name}`),
      });
    }
    prepareTypedInput({ name: 'output', types: ['msg'], label: this._('label.output') });
    chooseOnlyConfigNode('node-input-account');
    prepareKnownWebhooks(this._.bind(this));
    sayFieldErrors(this, 'node-input');
  },
});
