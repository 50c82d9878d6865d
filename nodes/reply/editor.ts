import { sayFieldErrors } from '../common/editor/field-errors.js';
import { prepareTypedInput } from '../common/editor/typed-input-field.js';
import { REPLY_DEFAULTS as DEFAULTS, type ReplyFields } from './definition.js';

RED.nodes.registerType<ReplyFields>('poke-reply', {
  category: 'poke',
  color: '#C7E9C0',
  icon: 'poke-reply.svg',
  align: 'right',
  inputs: 1,
  outputs: 0,
  defaults: {
    name: { value: DEFAULTS.name },
    content: {
      value: DEFAULTS.content,
      validate(value, options) {
        if (value.trim() === '') return options ? this._('invalid.contentBlank') : false;
        return RED.validators.typedInput({ typeField: 'contentType' }).call(this, value, options);
      },
    },
    contentType: { value: DEFAULTS.contentType },
    final: { value: DEFAULTS.final },
  },
  paletteLabel() {
    return this._('paletteLabel');
  },
  label() {
    return this.name || this._(this.final ? 'nodeLabel' : 'nodeLabelProgress');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    prepareTypedInput({
      name: 'content',
      types: ['msg', 'flow', 'global', 'str', 'json', 'jsonata', 'env'],
      label: this._('label.content'),
    });
    sayFieldErrors(this, 'node-input');
  },
});
