import { isCallSeconds, MAX_CALL_SECONDS } from '../../src/shared/limits.js';
import { numberIn } from '../../src/shared/number-in.js';
import { isToolName, paramProblem, parseSchema } from '../../src/shared/tool-schema.js';
import { chooseOnlyConfigNode } from '../common/editor/choose-only-config-node.js';
import { configNodeProblem } from '../common/editor/config-node-problem.js';
import { sayFieldErrors } from '../common/editor/field-errors.js';
import type { NodeInstance } from '../common/editor/red.js';
import { verdict } from '../common/editor/verdict.js';
import { TOOL_DEFAULTS as DEFAULTS, type ToolFields } from './definition.js';
import { prepareSchemaFields, readSchemaFields } from './editor/schema-fields.js';

RED.nodes.registerType<ToolFields>('poke-tool', {
  category: 'poke',
  color: '#C7E9C0',
  icon: 'poke-tool.svg',
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: DEFAULTS.name },
    server: {
      value: DEFAULTS.server,
      type: 'poke-mcp-server',
      validate(value, options) {
        return verdict(configNodeProblem(value), options, (problem) =>
          this._(`invalid.server.${problem}`),
        );
      },
    },
    tool: {
      value: DEFAULTS.tool,
      validate(value, options) {
        if (isToolName(value.trim())) return true;
        return options ? this._('invalid.tool') : false;
      },
    },
    title: { value: DEFAULTS.title },
    description: {
      value: DEFAULTS.description,
      validate(value, options) {
        if (value.trim() !== '') return true;
        return options ? this._('invalid.description') : false;
      },
    },
    params: {
      value: DEFAULTS.params,
      validate(value, options) {
        const problem = paramProblem(value);
        if (!problem) return true;
        return options ? this._(`errors.${problem.reason}`, { name: problem.name }) : false;
      },
    },
    schema: {
      value: DEFAULTS.schema,
      validate(value, options) {
        const problem = value.trim() === '' ? {} : parseSchema(value);
        if (typeof problem !== 'string') return true;
        return options ? this._(`invalid.${problem}`) : false;
      },
    },
    readOnly: { value: DEFAULTS.readOnly },
    destructive: { value: DEFAULTS.destructive },
    timeout: { value: DEFAULTS.timeout, validate: isDuration },
    maxDuration: { value: DEFAULTS.maxDuration, validate: isDuration },
  },
  paletteLabel() {
    return this._('paletteLabel');
  },
  label() {
    return this.name || this.title || this.tool || this._('nodeLabel');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    prepareSchemaFields(this, this._.bind(this));
    chooseOnlyConfigNode('node-input-server');
    sayFieldErrors(this, 'node-input');
  },
  oneditsave() {
    const { params, schema } = readSchemaFields();
    this.params = params;
    // The editor saves the field of this name itself, after this.
    $('#node-input-schema').val(schema);
  },
});

function isDuration(
  this: NodeInstance,
  value: number | string,
  options: object | undefined,
): boolean | string {
  if (numberIn(value, isCallSeconds) !== undefined) return true;
  return options ? this._('invalid.duration', { max: MAX_CALL_SECONDS }) : false;
}
