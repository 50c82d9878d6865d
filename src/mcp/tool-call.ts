import type { CallbackContext } from '../callbacks/callback-context.js';
import type { CallbackSender } from '../callbacks/callback-sender.js';
import type { Clock } from '../clock.js';
import type { JsonObject } from '../content/json.js';
import { agentText } from './agent-texts.js';
import { type Tool, type ToolResult, textResult } from './tool.js';

/** One call of a tool, as it comes in. */
export interface CallFacts {
  readonly id: string;
  readonly tool: Tool;
  readonly arguments: JsonObject;
  /** Who texts the agent, as Poke names them. No secret, and no proof. */
  readonly userId: string | undefined;
  /** Where the agent waits for updates, when it does. */
  readonly callback: CallbackContext | undefined;
  /** Resolves when the result has left, or the caller has gone: only then may an update follow it. */
  readonly delivered: Promise<void>;
}

/** What a call works with. */
export interface CallTools {
  readonly sender: CallbackSender;
  readonly clock: Clock;
  readonly onEnd: (call: ToolCall) => void;
}

/** What a flow has to say. */
export interface CallReply {
  readonly text: string;
  readonly isError: boolean;
  /** Nothing more will come. */
  readonly final: boolean;
}

/** What became of a reply: it was the result, an update by callback, one that nobody waits for, or too late. */
export type ReplyFate = 'result' | 'update' | 'dropped' | 'late';

/**
 * One call of a tool, from its arguments to the last word on it. It always ends: by a final reply, when it
 * has lasted too long, or when it is interrupted.
 */
export class ToolCall {
  readonly facts: CallFacts;
  /** What the agent gets at once. Never rejects. */
  readonly result: Promise<ToolResult>;
  readonly #tools: CallTools;
  readonly #cancels: (() => void)[];
  #state: 'waiting' | 'reporting' | 'ended' = 'waiting';
  #resolve: (result: ToolResult) => void = () => undefined;
  #problem: string | undefined;
  #delivered = false;

  constructor(facts: CallFacts, tools: CallTools) {
    this.facts = facts;
    this.#tools = tools;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    void facts.delivered.then(() => {
      this.#delivered = true;
    });
    const { timeoutMs, maxDurationMs } = facts.tool;
    this.#cancels = [
      tools.clock.schedule(timeoutMs, this.#timeOut.bind(this)),
      tools.clock.schedule(Math.max(timeoutMs, maxDurationMs), this.#expire.bind(this)),
    ];
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** The first reply is the result, the others are updates. */
  reply({ text, isError, final }: CallReply): ReplyFate {
    if (this.#state === 'ended') return 'late';
    if (this.#state === 'waiting') {
      if (final) this.#finish(textResult(text, isError));
      else this.#continue(textResult(text, isError));
      return 'result';
    }
    const { callback, id } = this.facts;
    if (final) this.#finish(textResult(text, isError));
    else
      this.#afterResult((sender) => {
        sender.progress(id, text);
      });
    return callback ? 'update' : 'dropped';
  }

  /** Notes an error that may be why no reply comes; a reply that still comes counts. */
  noteProblem(detail: string): void {
    this.#problem = detail;
  }

  /** Ends the call now, because nobody will reply any more. */
  interrupt(): void {
    if (this.#state !== 'ended') this.#finish(textResult(agentText('interrupted'), true));
  }

  /** The agent hung up before the result was there; it may still be told by callback. */
  callerGone(): void {
    if (this.#state === 'waiting' && this.facts.callback) {
      this.#continue(textResult(agentText('workGoesOn')));
    }
  }

  #timeOut(): void {
    if (this.#state !== 'waiting') return;
    const failure = this.#failure();
    if (failure) this.#finish(failure);
    else if (this.facts.callback) this.#continue(textResult(agentText('workGoesOn')));
    else this.#finish(textResult(agentText('noAnswer', seconds(this.facts.tool.timeoutMs)), true));
  }

  #expire(): void {
    if (this.#state === 'ended') return;
    const tooLong = textResult(agentText('tooLong', seconds(this.facts.tool.maxDurationMs)), true);
    this.#finish(this.#failure() ?? tooLong);
  }

  #failure(): ToolResult | undefined {
    if (this.#problem === undefined) return undefined;
    return textResult(agentText('failed', { detail: this.#problem }), true);
  }

  /** Nobody is told that more will come before that is kept safe. */
  #continue(result: ToolResult): void {
    this.#state = 'reporting';
    const { id, callback } = this.facts;
    if (!callback) {
      this.#resolve(result);
      return;
    }
    void this.#tools.sender.open(id, callback, agentText('interrupted')).then(() => {
      this.#resolve(result);
    });
  }

  #finish(last: ToolResult): void {
    const text = last.content.map((part) => part.text).join('\n');
    if (this.#state === 'waiting') this.#resolve(last);
    else
      this.#afterResult((sender) => {
        sender.finish(this.facts.id, text);
      });
    this.#state = 'ended';
    for (const cancel of this.#cancels) cancel();
    this.#tools.onEnd(this);
  }

  /** An update that overtakes the result would belong to nothing. */
  #afterResult(send: (sender: CallbackSender) => void): void {
    if (this.#delivered) {
      send(this.#tools.sender);
      return;
    }
    void this.facts.delivered.then(() => {
      send(this.#tools.sender);
    });
  }
}

function seconds(durationMs: number): { seconds: number } {
  return { seconds: durationMs / 1000 };
}
