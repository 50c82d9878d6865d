import type { Fault } from '../../sandbox/fault.js';

/** What a flow gets to see of a failure. */
export interface Failure {
  readonly code: string;
  /** The whole of `msg.error.message`; `<host>` stands for the server's. */
  readonly message: string;
  /** `msg.poke` beside the delivery's id. */
  readonly facts: object;
  /** Fill, shape and text. */
  readonly status: readonly [string, string, string];
}

const checkKey = ['red', 'dot', 'check the API key'] as const;
const slowDown = ['yellow', 'ring', 'send fewer or wait'] as const;
const refused = ['red', 'ring', 'refused, see error'] as const;
const checkNetwork = ['red', 'ring', 'check the network'] as const;

function apiError(status: number, message: string, facts: object = {}): Failure {
  const code = 'ERR_POKE_API';
  return { code, message, facts: { attempts: 1, status, ...facts }, status: refused };
}

const noReason = 'Poke answered with an error (500) and gave no reason. Try again later.';
const withReason = 'Poke answered with an error (500): Internal Server Error';
const rateLimit = (message: string, facts: object = {}): Failure => ({
  code: 'ERR_POKE_RATE_LIMIT',
  message,
  facts: { attempts: 1, status: 429, ...facts },
  status: slowDown,
});
const reset: Failure = {
  code: 'ERR_POKE_NETWORK',
  message: 'The connection to <host> broke (ECONNRESET). Poke may have received it or not.',
  facts: { attempts: 1 },
  status: checkNetwork,
};

/** Every way in which Poke, or the way to it, can fail, and what becomes of it. */
export const failures: readonly (readonly [string, Fault, Failure])[] = [
  [
    '401',
    { kind: 'status', status: 401 },
    {
      code: 'ERR_POKE_AUTHENTICATION',
      message:
        'Poke refused the API key (401). Use a V2 key from poke.com/kitchen/api-keys; a pk_ key from Settings → Advanced does not work here.',
      facts: { attempts: 1, status: 401 },
      status: checkKey,
    },
  ],
  [
    '403',
    { kind: 'status', status: 403 },
    {
      code: 'ERR_POKE_FORBIDDEN',
      message:
        'The API key may not do this (403). Check its permissions at poke.com/kitchen/api-keys, or make a new V2 key there.',
      facts: { attempts: 1, status: 403 },
      status: checkKey,
    },
  ],
  [
    '429',
    { kind: 'status', status: 429 },
    rateLimit('Poke asks to slow down (429). Send fewer messages, or try again later.'),
  ],
  [
    '429 with a Retry-After header',
    { kind: 'status', status: 429, retryAfter: '7' },
    rateLimit('Poke asks to slow down (429). Try again in 7 s.', { retryAfterMs: 7000 }),
  ],
  [
    '429 with retryAfterMs in the body',
    { kind: 'status', status: 429, retryAfterMs: 1500 },
    rateLimit('Poke asks to slow down (429). Try again in 2 s.', { retryAfterMs: 1500 }),
  ],
  [
    '500, error-string',
    { kind: 'status', status: 500, body: 'error-string' },
    apiError(500, withReason),
  ],
  [
    '500, error-object',
    { kind: 'status', status: 500, body: 'error-object' },
    apiError(500, withReason),
  ],
  ['500, message', { kind: 'status', status: 500, body: 'message' }, apiError(500, withReason)],
  [
    '500, success-false',
    { kind: 'status', status: 500, body: 'success-false' },
    apiError(500, withReason),
  ],
  ['500, text', { kind: 'status', status: 500, body: 'text' }, apiError(500, withReason)],
  ['500, html', { kind: 'status', status: 500, body: 'html' }, apiError(500, noReason)],
  ['500, empty', { kind: 'status', status: 500, body: 'empty' }, apiError(500, noReason)],
  ['500, cut-off', { kind: 'status', status: 500, body: 'cut-off' }, apiError(500, noReason)],
  [
    '400',
    { kind: 'status', status: 400 },
    apiError(400, 'Poke answered with an error (400): Bad Request'),
  ],
  [
    '404',
    { kind: 'status', status: 404 },
    apiError(404, 'Poke answered with an error (404): Not Found'),
  ],
  [
    '503 with a Retry-After header',
    { kind: 'status', status: 503, retryAfter: '30' },
    apiError(503, 'Poke answered with an error (503): Service Unavailable', {
      retryAfterMs: 30000,
    }),
  ],
  [
    '200 with {"success": false}',
    { kind: 'rejected' },
    apiError(200, 'Poke did not accept it: The agent does not take this message.'),
  ],
  [
    '200 with {"success": false} and a wait',
    { kind: 'status', status: 200, body: 'success-false' },
    apiError(200, 'Poke did not accept it: OK'),
  ],
  ['a reset before the request was read', { kind: 'reset', when: 'before-body' }, reset],
  ['a reset after it was read', { kind: 'reset', when: 'after-body' }, reset],
  [
    'no answer in time',
    { kind: 'hang' },
    {
      code: 'ERR_POKE_TIMEOUT',
      message:
        'No answer from <host> within 5 s. Check the network, or allow more time in the account.',
      facts: { attempts: 1 },
      status: ['red', 'ring', 'no answer, try again'],
    },
  ],
];
