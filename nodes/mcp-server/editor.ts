import { serverPath } from '../../src/shared/server-path.js';
import { sayFieldErrors } from '../common/editor/field-errors.js';
import { MCP_SERVER_DEFAULTS as DEFAULTS, type McpServerFields } from './definition.js';
import { showConnectHints } from './editor/connect-hints.js';
import { prepareKeyGenerator } from './editor/key-generator.js';

RED.nodes.registerType<McpServerFields>('poke-mcp-server', {
  category: 'config',
  defaults: {
    name: { value: DEFAULTS.name },
    path: {
      value: DEFAULTS.path,
      validate(value, options) {
        if (serverPath(value) !== undefined) return true;
        return options ? this._('invalid.path') : false;
      },
    },
    instructions: { value: DEFAULTS.instructions },
    open: { value: DEFAULTS.open },
    callbackHosts: { value: DEFAULTS.callbackHosts },
  },
  credentials: {
    accessKey: { type: 'password' },
  },
  paletteLabel() {
    return this._('nodeLabel');
  },
  label() {
    return this.name || this._('nodeLabelWithPath', { path: this.path });
  },
  oneditprepare() {
    prepareKeyGenerator();
    showConnectHints(this._.bind(this));
    sayFieldErrors(this, 'node-config-input');
  },
});
