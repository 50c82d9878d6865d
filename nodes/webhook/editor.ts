import { urlProblem } from '../../src/shared/urls.js';
import { chooseOnlyConfigNode } from '../common/editor/choose-only-config-node.js';
import { configNodeProblem } from '../common/editor/config-node-problem.js';
import { sayFieldErrors } from '../common/editor/field-errors.js';
import { verdict } from '../common/editor/verdict.js';
import { WEBHOOK_DEFAULTS as DEFAULTS, type WebhookFields } from './definition.js';
import { prepareCreateButton } from './editor/create-button.js';

RED.nodes.registerType<WebhookFields>('poke-webhook', {
  category: 'config',
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
    condition: { value: DEFAULTS.condition },
    action: { value: DEFAULTS.action },
    triggerId: { value: DEFAULTS.triggerId },
    webhookUrl: {
      value: DEFAULTS.webhookUrl,
      validate(value, options) {
        if (value.trim() === '') return options ? this._('invalid.notCreated') : false;
        if (urlProblem(value.trim()) === undefined) return true;
        return options ? this._('invalid.webhookUrl') : false;
      },
    },
  },
  credentials: {
    webhookToken: { type: 'password' },
  },
  paletteLabel() {
    return this._('nodeLabel');
  },
  label() {
    return this.name || this.condition || this._('nodeLabel');
  },
  oneditprepare() {
    chooseOnlyConfigNode('node-config-input-account');
    prepareCreateButton(this._.bind(this));
    sayFieldErrors(this, 'node-config-input');
  },
});
