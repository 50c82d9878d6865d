/** The Poke endpoint that a fault is for; a fault without one is for all of them. */
export const endpoints = ['message', 'create', 'fire', 'callback'] as const;
export type Endpoint = (typeof endpoints)[number];

/** The shapes that the body of an error answer can have. */
export const errorBodies = [
  'error-string',
  'error-object',
  'message',
  'success-false',
  'text',
  'html',
  'empty',
  'cut-off',
] as const;
export type ErrorBody = (typeof errorBodies)[number];

/** Answers with this status. A 2xx still reaches the agent, anything else does not. */
interface StatusFault {
  readonly kind: 'status';
  readonly status: number;
  /** Default: `error-string`; for a 2xx what Poke would have answered. */
  readonly body?: ErrorBody | undefined;
  /** The `Retry-After` header: seconds or an HTTP date. */
  readonly retryAfter?: string | undefined;
  /** `retryAfterMs` in a JSON body, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** What goes wrong. What reaches the agent all the same: garbage, slow, drip, and a reset after the body. */
type FaultEffect =
  | StatusFault
  /** 200 with a body that is not JSON. */
  | { readonly kind: 'garbage' }
  /** 200 with `{"success": false}`. */
  | { readonly kind: 'rejected' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Reads the request and never answers. */
  | { readonly kind: 'hang' }
  /** Answers one byte of the body per interval. */
  | { readonly kind: 'drip'; readonly intervalMs: number }
  | { readonly kind: 'reset'; readonly when: 'before-body' | 'after-body' }
  /** 307 to the location. */
  | { readonly kind: 'redirect'; readonly location: string };

/** A failure that the sandbox plays on demand. */
export type Fault = FaultEffect & {
  /** How many requests it hits. Default 1; 0 or Infinity: until it is cleared. */
  readonly times?: number | undefined;
  readonly endpoint?: Endpoint | undefined;
};

/** A fault that waits for requests: `times` is how many are left, 0 = until it is cleared. */
export type ActiveFault = Fault & { readonly times: number };

const statusWords = new Map([
  [401, 'Key refused'],
  [403, 'Not allowed'],
  [429, 'Too many messages'],
  [500, 'Server error'],
  [503, 'Unavailable'],
]);

function describeStatus(fault: StatusFault): string {
  const name = `${statusWords.get(fault.status) ?? 'Answer'} (${fault.status})`;
  if (fault.retryAfter !== undefined) {
    const isSeconds = /^\d+$/.test(fault.retryAfter);
    return `${name}, wait ${isSeconds ? `${fault.retryAfter} s` : `until ${fault.retryAfter}`}`;
  }
  return fault.retryAfterMs === undefined ? name : `${name}, wait ${fault.retryAfterMs / 1000} s`;
}

/** A fault in plain words, for people. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'status':
      return describeStatus(fault);
    case 'garbage':
      return 'Nonsense answer';
    case 'rejected':
      return 'Turned down (success: false)';
    case 'slow':
      return `Slow answer (${fault.delayMs / 1000} s)`;
    case 'hang':
      return 'No answer';
    case 'drip':
      return 'Answer byte by byte';
    case 'reset':
      return fault.when === 'before-body' ? 'Connection reset' : 'Received, then reset';
    case 'redirect':
      return 'Sent elsewhere (307)';
  }
}
