import { chooseOnlyConfigNode } from '../common/editor/choose-only-config-node.js';
import { configNodeProblem, isChosen } from '../common/editor/config-node-problem.js';
import { prepareDeliveryFields } from '../common/editor/delivery-fields.js';
import { sayFieldErrors } from '../common/editor/field-errors.js';
import { shorten } from '../common/editor/shorten.js';
import { prepareTypedInput } from '../common/editor/typed-input-field.js';
import { verdict } from '../common/editor/verdict.js';
import { FIRE_WEBHOOK_DEFAULTS as DEFAULTS, type FireWebhookFields } from './definition.js';

/** Tells whose dialog a field belongs to: validators also run for nodes that are not open. */
const DIALOG_OF = 'poke-dialog-of';

/** Longer ones would cover what stands beside the node. */
const MAX_LABEL_LENGTH = 20;

RED.nodes.registerType<FireWebhookFields>('poke-fire-webhook', {
  category: 'poke',
  color: '#C7E9C0',
  icon: 'poke-fire-webhook.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: DEFAULTS.name },
    account: {
      value: DEFAULTS.account,
      type: 'poke-account',
      validate(value, options) {
        const problem = firesSaved(this) ? undefined : configNodeProblem(value);
        return verdict(problem, options, (which) => this._(`invalid.account.${which}`));
      },
    },
    webhook: {
      value: DEFAULTS.webhook,
      type: 'poke-webhook',
      validate(value, options) {
        const problem = configNodeProblem(value);
        if (problem === undefined || problem === 'none') return true;
        return options ? this._(`invalid.webhook.${problem}`) : false;
      },
    },
    source: {
      value: DEFAULTS.source,
      validate(value, options) {
        if (firesSaved(this)) return true;
        return RED.validators.typedInput({ typeField: 'sourceType' }).call(this, value, options);
      },
    },
    sourceType: { value: DEFAULTS.sourceType },
    data: {
      value: DEFAULTS.data,
      validate(value, options) {
        return RED.validators.typedInput({ typeField: 'dataType' }).call(this, value, options);
      },
    },
    dataType: { value: DEFAULTS.dataType },
    delivery: { value: DEFAULTS.delivery },
    latestOnly: { value: DEFAULTS.latestOnly },
  },
  paletteLabel() {
    return this._('paletteLabel');
  },
  label() {
    if (this.name) return this.name;
    const webhook = shorten(savedName(this.webhook), MAX_LABEL_LENGTH);
    return webhook === '' ? this._('nodeLabel') : this._('nodeLabelWithWebhook', { webhook });
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    prepareTypedInput({
      name: 'source',
      types: ['msg', 'flow', 'global', 'jsonata'],
      label: this._('label.source'),
    });
    prepareTypedInput({
      name: 'data',
      types: ['msg', 'flow', 'global', 'str', 'num', 'bool', 'json', 'jsonata'],
      label: this._('label.data'),
    });
    prepareDeliveryFields();
    if (!isChosen(this.webhook)) chooseOnlyConfigNode('node-input-account');
    sayFieldErrors(this, 'node-input');
    const webhook = $('#node-input-webhook').data(DIALOG_OF, this.id);
    const showSource = () => {
      $('.poke-fire-webhook-source').toggle(!firesSaved(this));
    };
    webhook.on('change', () => {
      showSource();
      // What is wrong with these depends on the webhook.
      $('#node-input-account, #node-input-source').trigger('change');
    });
    showSource();
  },
});

// When an account goes or comes back, Node-RED judges its webhook anew, but not the nodes that fire that.
for (const event of ['nodes:add', 'nodes:remove'] as const) {
  RED.events.on(event, ({ type }) => {
    // An undone deletion first adds the account, and then gives it back to its webhook.
    if (type === 'poke-account') setTimeout(judgeAllAnew);
  });
}

function judgeAllAnew(): void {
  RED.nodes.eachNode((node) => {
    if (node.type === 'poke-fire-webhook') RED.editor.validateNode(node);
  });
  RED.view.redraw();
}

/** True when a saved webhook is chosen: in the dialog, if that of this node is open, else in the node. */
function firesSaved({ id, webhook }: { id: string; webhook: string }): boolean {
  const field = $('#node-input-webhook');
  const chosen = field.data(DIALOG_OF) === id ? field.val() : webhook;
  return typeof chosen === 'string' && isChosen(chosen);
}

/** What the flow's reader knows the saved webhook by: its name, or what it is for. */
function savedName(id: string): string {
  const fields = new Map<string, unknown>(Object.entries(RED.nodes.node(id) ?? {}));
  const texts = [fields.get('name'), fields.get('condition')];
  return texts.filter((text) => typeof text === 'string').find((text) => text !== '') ?? '';
}
