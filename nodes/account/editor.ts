import {
  isConcurrency,
  isExpiryHours,
  isMaxQueued,
  isRateLimit,
  isTimeoutSeconds,
  MAX_CONCURRENCY,
  MAX_TIMEOUT_SECONDS,
} from '../../src/shared/limits.js';
import { numberIn } from '../../src/shared/number-in.js';
import { urlProblem } from '../../src/shared/urls.js';
import { sayFieldErrors } from '../common/editor/field-errors.js';
import { type AccountFields, ACCOUNT_DEFAULTS as DEFAULTS } from './definition.js';
import { showKeySource } from './editor/key-source-hint.js';
import { prepareTestButton } from './editor/test-button.js';

RED.nodes.registerType<AccountFields>('poke-account', {
  category: 'config',
  defaults: {
    name: { value: DEFAULTS.name },
    baseUrl: {
      value: DEFAULTS.baseUrl,
      validate(value, options) {
        const problem = value.trim() === '' ? undefined : urlProblem(value.trim());
        if (problem === undefined) return true;
        return options ? this._(`invalid.baseUrl.${problem}`) : false;
      },
    },
    timeout: {
      value: DEFAULTS.timeout,
      validate(value, options) {
        if (numberIn(value, isTimeoutSeconds) !== undefined) return true;
        return options ? this._('invalid.timeout', { max: MAX_TIMEOUT_SECONDS }) : false;
      },
    },
    expiry: {
      value: DEFAULTS.expiry,
      validate(value, options) {
        if (numberIn(value, isExpiryHours) !== undefined) return true;
        return options ? this._('invalid.expiry') : false;
      },
    },
    maxQueued: {
      value: DEFAULTS.maxQueued,
      validate(value, options) {
        if (numberIn(value, isMaxQueued) !== undefined) return true;
        return options ? this._('invalid.maxQueued') : false;
      },
    },
    rateLimit: {
      value: DEFAULTS.rateLimit,
      validate(value, options) {
        if (String(value).trim() === '' || numberIn(value, isRateLimit) !== undefined) return true;
        return options ? this._('invalid.rateLimit') : false;
      },
    },
    concurrency: {
      value: DEFAULTS.concurrency,
      validate(value, options) {
        if (numberIn(value, isConcurrency) !== undefined) return true;
        return options ? this._('invalid.concurrency', { max: MAX_CONCURRENCY }) : false;
      },
    },
    proxy: { value: DEFAULTS.proxy, type: 'http proxy', required: false },
    tls: { value: DEFAULTS.tls, type: 'tls-config', required: false },
  },
  credentials: {
    apiKey: { type: 'password' },
  },
  paletteLabel() {
    return this._('nodeLabel');
  },
  label() {
    return this.name || this._('nodeLabel');
  },
  oneditprepare() {
    const translate = this._.bind(this);
    showKeySource(this.id, translate);
    prepareTestButton(this.id, translate);
    sayFieldErrors(this, 'node-config-input');
  },
});
