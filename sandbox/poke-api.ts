import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Callback, Callbacks } from './callbacks.js';
import type { Endpoint } from './fault.js';
import { type Plan, planFor } from './fault-plan.js';
import type { FaultQueue } from './fault-queue.js';
import { parseJson, readBody, sendJson } from './http.js';
import { isRecord } from './is-record.js';
import { accept, type Outcome, refuse } from './outcome.js';
import type { Authorization, EntryKind, TriggerSummary } from './received-entry.js';
import type { EntryDraft, ReceivedLog } from './received-log.js';
import type { Triggers } from './triggers.js';

const maxBodyBytes = 10_000_000;

/** Where the API lives below the sandbox's address. */
export const apiPath = '/api/v1';
const firePath = `${apiPath}/inbound/webhook`;
/** Where updates on a call go, with the id of its callback at the end. */
export const callbackPath = `${apiPath}/mcp/callback/`;
const endpointByPath = new Map<string, Endpoint>([
  [`${apiPath}/inbound/api-message`, 'message'],
  [`${apiPath}/api-keys/webhook`, 'create'],
  [firePath, 'fire'],
]);
const entryKind: Record<Endpoint, EntryKind> = {
  message: 'message',
  create: 'trigger',
  fire: 'event',
  callback: 'update',
};

const secretNames: Record<Endpoint, string> = {
  message: 'API key',
  create: 'API key',
  fire: 'webhook token',
  callback: 'callback token',
};

interface Caller {
  readonly authorization: Authorization;
  /** The trigger that the webhook token belongs to, even if it was revoked. */
  readonly trigger?: TriggerSummary | undefined;
  /** The callback that the path names. */
  readonly callback?: Callback | undefined;
}

interface Parts {
  readonly apiKey: string;
  readonly callbacks: Callbacks;
  readonly faults: FaultQueue;
  readonly log: ReceivedLog;
  readonly triggers: Triggers;
}

/** A request on its way: what is known before its body was read. */
interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly endpoint: Endpoint;
  readonly caller: Caller;
}

/** The three public Poke endpoints. */
export class PokeApi {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const endpoint = path.startsWith(callbackPath) ? 'callback' : endpointByPath.get(path);
    if (endpoint === undefined) {
      sendJson(response, 404, { error: 'Not found' });
      return;
    }
    if (request.method !== 'POST') {
      sendJson(response, 405, { error: 'Method not allowed' }, { allow: 'POST' });
      return;
    }
    const caller = this.#identify(request, endpoint, path);
    const fault = this.#parts.faults.take(endpoint);
    const arrival = { request, response, endpoint, caller };
    if (fault?.kind === 'reset' && fault.when === 'before-body') {
      this.#settle(arrival, planFor(fault), Buffer.alloc(0));
      return;
    }
    const body = await readBody(request, maxBodyBytes);
    if (body === undefined) {
      this.#refuseTooLarge(arrival);
    } else {
      this.#settle(arrival, planFor(fault), body);
    }
  }

  #identify(request: IncomingMessage, endpoint: Endpoint, path: string): Caller {
    const secret = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (secret === undefined) {
      return { authorization: request.headers.authorization === undefined ? 'missing' : 'refused' };
    }
    if (endpoint === 'callback') {
      const callback = this.#parts.callbacks.find(path.slice(callbackPath.length));
      const isGood = callback?.token === secret && !callback.isOver;
      return { authorization: isGood ? 'accepted' : 'refused', callback };
    }
    if (endpoint !== 'fire') {
      return { authorization: secret === this.#parts.apiKey ? 'accepted' : 'refused' };
    }
    const trigger = this.#parts.triggers.find(secret);
    const isGood = trigger !== undefined && !trigger.revoked;
    return { authorization: isGood ? 'accepted' : 'refused', trigger: trigger && summary(trigger) };
  }

  #settle(arrival: Arrival, plan: Plan, body: Buffer): void {
    const bodyText = body.toString('utf8');
    const parsed = parseJson(bodyText);
    const content = { body: parsed === undefined ? bodyText : parsed.value, bodyText };
    if (plan.reachesAgent) {
      const outcome = this.#process(arrival, parsed?.value);
      const { accepted, created } = outcome;
      this.#record(arrival, { ...content, accepted, answer: plan.answer(outcome) }, created);
      plan.send(arrival.response, outcome);
    } else {
      this.#record(arrival, { ...content, accepted: false, answer: plan.answer });
      plan.send(arrival.response);
    }
  }

  #refuseTooLarge(arrival: Arrival): void {
    this.#record(arrival, { body: '', bodyText: '', accepted: false, answer: 'HTTP 413' });
    sendJson(arrival.response, 413, { error: 'Payload too large' }, { connection: 'close' });
  }

  #record(
    { request, endpoint, caller }: Arrival,
    result: Pick<EntryDraft, 'body' | 'bodyText' | 'accepted' | 'answer'>,
    created?: TriggerSummary,
  ): void {
    const idempotencyKey = request.headers['idempotency-key'];
    this.#parts.log.add({
      kind: entryKind[endpoint],
      ...result,
      authorization: caller.authorization,
      idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : undefined,
      trigger: created ?? caller.trigger,
      tool: caller.callback?.tool,
    });
  }

  #process({ request, endpoint, caller }: Arrival, body: unknown): Outcome {
    if (caller.authorization !== 'accepted') {
      return refuse(401, `Invalid ${secretNames[endpoint]}`);
    }
    if (!isRecord(body)) {
      return refuse(400, 'The body must be a JSON object');
    }
    switch (endpoint) {
      case 'message':
        return accept({ success: true, message: 'Message sent successfully' });
      case 'create':
        return this.#create(body, `http://${request.headers.host ?? 'localhost'}${firePath}`);
      case 'fire':
        this.#parts.triggers.countFiring(caller.trigger?.triggerId ?? '');
        return accept({ success: true });
      case 'callback':
        return this.#update(body, caller.callback);
    }
  }

  #update(body: Record<string, unknown>, callback: Callback | undefined): Outcome {
    const { content, hasMore } = body;
    if (!callback || typeof content !== 'string' || typeof hasMore !== 'boolean') {
      return refuse(400, 'content must be text, and hasMore true or false');
    }
    return accept({ nextToken: this.#parts.callbacks.update(callback, hasMore) });
  }

  #create(body: Record<string, unknown>, webhookUrl: string): Outcome {
    const condition = body['condition'];
    const action = body['action'];
    if (!isFilledText(condition) || !isFilledText(action)) {
      return refuse(400, 'condition and action must both be text that is not blank');
    }
    const { trigger, token } = this.#parts.triggers.create(condition, action);
    const { triggerId } = trigger;
    return { ...accept({ triggerId, webhookUrl, webhookToken: token }), created: summary(trigger) };
  }
}

function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function summary({ triggerId, condition, action }: TriggerSummary): TriggerSummary {
  return { triggerId, condition, action };
}
