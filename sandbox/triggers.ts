import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { isRecord } from './is-record.js';
import { Listeners } from './listeners.js';
import type { TriggerSummary } from './received-entry.js';

/** A webhook trigger as the page shows it. */
export interface TriggerView extends TriggerSummary {
  /** The last characters of its token: enough to tell it from others, and of no use to fire it. */
  readonly tokenEnd: string;
  readonly revoked: boolean;
  readonly firedCount: number;
  /** When it last fired, ISO 8601. */
  readonly lastFiredAt?: string | undefined;
}

/** A token travels in a header: only so much of each text fits. */
const maxTokenTextLength = 500;

const shownTokenLength = 6;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * The webhook triggers and their tokens. A token is signed with the API key and names its trigger, so that a webhook which
 * a flow saved still works after the sandbox was started again, as it would with Poke.
 */
export class Triggers {
  readonly changed = new Listeners<readonly TriggerView[]>();
  readonly #signingKey: string;
  readonly #byId = new Map<string, TriggerView>();
  readonly #idByToken = new Map<string, string>();

  constructor(signingKey: string) {
    this.#signingKey = signingKey;
  }

  get list(): readonly TriggerView[] {
    return [...this.#byId.values()];
  }

  get tokens(): Iterable<string> {
    return this.#idByToken.keys();
  }

  create(condition: string, action: string): { trigger: TriggerView; token: string } {
    const triggerId = randomUUID();
    const payload = {
      triggerId,
      condition: condition.slice(0, maxTokenTextLength),
      action: action.slice(0, maxTokenTextLength),
    };
    const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
    const token = `${content}.${this.#sign(content)}`;
    return { trigger: this.#add({ triggerId, condition, action }, token), token };
  }

  /** The trigger that a token belongs to, revoked or not. */
  find(token: string): TriggerView | undefined {
    const id = this.#idByToken.get(token);
    return id === undefined ? this.#restore(token) : this.#byId.get(id);
  }

  countFiring(triggerId: string): void {
    const trigger = this.#byId.get(triggerId);
    if (trigger !== undefined) {
      const firedCount = trigger.firedCount + 1;
      this.#put({ ...trigger, firedCount, lastFiredAt: new Date().toISOString() });
    }
  }

  /** Makes the trigger's token worthless; false when there is no such trigger. */
  revoke(triggerId: string): boolean {
    const trigger = this.#byId.get(triggerId);
    if (trigger === undefined) {
      return false;
    }
    this.#put({ ...trigger, revoked: true });
    return true;
  }

  clear(): void {
    this.#byId.clear();
    this.#idByToken.clear();
    this.changed.notify(this.list);
  }

  #put(trigger: TriggerView): void {
    this.#byId.set(trigger.triggerId, trigger);
    this.changed.notify(this.list);
  }

  #sign(content: string): string {
    return createHmac('sha256', this.#signingKey).update(content).digest('base64url');
  }

  #restore(token: string): TriggerView | undefined {
    const summary = this.#verify(token);
    if (summary === undefined) {
      return undefined;
    }
    return this.#add(summary, token);
  }

  #add(summary: TriggerSummary, token: string): TriggerView {
    const tokenEnd = token.slice(-shownTokenLength);
    const trigger = { ...summary, tokenEnd, revoked: false, firedCount: 0 };
    this.#idByToken.set(token, trigger.triggerId);
    this.#put(trigger);
    return trigger;
  }

  #verify(token: string): TriggerSummary | undefined {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const expected = Buffer.from(this.#sign(`${header}.${payload}`));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
      return undefined;
    }
    const content: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return isTriggerSummary(content) ? content : undefined;
  }
}

function isTriggerSummary(value: unknown): value is TriggerSummary & Record<string, unknown> {
  return (
    isRecord(value) &&
    typeof value['triggerId'] === 'string' &&
    typeof value['condition'] === 'string' &&
    typeof value['action'] === 'string'
  );
}
