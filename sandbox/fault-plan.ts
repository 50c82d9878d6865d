import { type ServerResponse, STATUS_CODES } from 'node:http';
import { sendErrorAnswer } from './error-answer.js';
import type { Fault } from './fault.js';
import { sendJson, sendText } from './http.js';
import type { Outcome } from './outcome.js';

/** The request reaches the agent; what goes wrong is only the answer. */
interface PassingPlan {
  readonly reachesAgent: true;
  /** The answer in words, for the log. */
  readonly answer: (outcome: Outcome) => string;
  readonly send: (response: ServerResponse, outcome: Outcome) => void;
}

/** The agent never learns of the request. */
interface BlockingPlan {
  readonly reachesAgent: false;
  readonly answer: string;
  readonly send: (response: ServerResponse) => void;
}

/** How the sandbox treats one request. */
export type Plan = PassingPlan | BlockingPlan;

type StatusFault = Fault & { readonly kind: 'status' };

const plainPlan: PassingPlan = {
  reachesAgent: true,
  answer: (outcome) => `HTTP ${outcome.status}`,
  send: (response, outcome) => {
    sendJson(response, outcome.status, outcome.json);
  },
};

function errorPlan(fault: StatusFault): BlockingPlan {
  return {
    reachesAgent: false,
    answer: `HTTP ${fault.status}`,
    send: (response) => {
      sendErrorAnswer(response, fault);
    },
  };
}

function oddSuccessPlan(fault: StatusFault): PassingPlan {
  return {
    reachesAgent: true,
    answer: () => `HTTP ${fault.status}`,
    send: (response, outcome) => {
      if (fault.body === undefined) {
        sendJson(response, fault.status, outcome.json);
      } else {
        sendErrorAnswer(response, fault);
      }
    },
  };
}

function slowPlan(delayMs: number): PassingPlan {
  return {
    reachesAgent: true,
    answer: (outcome) => `HTTP ${outcome.status}, after ${delayMs} ms`,
    send: (response, outcome) => {
      const timer = setTimeout(() => {
        plainPlan.send(response, outcome);
      }, delayMs);
      response.once('close', () => {
        clearTimeout(timer);
      });
    },
  };
}

function dripPlan(intervalMs: number): PassingPlan {
  return {
    reachesAgent: true,
    answer: (outcome) => `HTTP ${outcome.status}, byte by byte`,
    send: (response, outcome) => {
      drip(response, outcome, intervalMs);
    },
  };
}

function drip(response: ServerResponse, outcome: Outcome, intervalMs: number): void {
  const bytes = Buffer.from(JSON.stringify(outcome.json));
  let sent = 0;
  response.writeHead(outcome.status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
  });
  response.flushHeaders();
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + 1));
    sent += 1;
    if (sent === bytes.length) {
      clearInterval(timer);
      response.end();
    }
  }, intervalMs);
  response.once('close', () => {
    clearInterval(timer);
  });
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

const resetUnreadPlan: BlockingPlan = {
  reachesAgent: false,
  answer: 'connection reset',
  send: reset,
};

const resetReceivedPlan: PassingPlan = {
  reachesAgent: true,
  answer: () => 'connection reset',
  send: reset,
};

const garbagePlan: PassingPlan = {
  reachesAgent: true,
  answer: () => 'HTTP 200, not JSON',
  send: (response) => {
    sendText(response, 200, { type: 'application/json', text: 'poke poke poke {' });
  },
};

const rejectedPlan: BlockingPlan = {
  reachesAgent: false,
  answer: 'HTTP 200, success: false',
  send: (response) => {
    sendJson(response, 200, { success: false, message: 'The agent does not take this message.' });
  },
};

const hangPlan: BlockingPlan = {
  reachesAgent: false,
  answer: 'no answer',
  send: () => undefined,
};

function redirectPlan(location: string): BlockingPlan {
  return {
    reachesAgent: false,
    answer: 'HTTP 307',
    send: (response) => {
      const text = STATUS_CODES[307] ?? '';
      sendText(response, 307, { type: 'text/plain', text }, { location });
    },
  };
}

/** The plan for a request that meets this fault, or none. */
export function planFor(fault: Fault | undefined): Plan {
  switch (fault?.kind) {
    case undefined:
      return plainPlan;
    case 'status':
      return fault.status < 300 ? oddSuccessPlan(fault) : errorPlan(fault);
    case 'garbage':
      return garbagePlan;
    case 'rejected':
      return rejectedPlan;
    case 'slow':
      return slowPlan(fault.delayMs);
    case 'hang':
      return hangPlan;
    case 'drip':
      return dripPlan(fault.intervalMs);
    case 'reset':
      return fault.when === 'before-body' ? resetUnreadPlan : resetReceivedPlan;
    case 'redirect':
      return redirectPlan(fault.location);
  }
}
