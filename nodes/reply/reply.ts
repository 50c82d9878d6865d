import { isDeepStrictEqual } from 'node:util';
import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { InputError, isBinary, type ToolCall, updateText } from '../../src/index.js';
import { onInput } from '../common/on-input.js';
import { openCalls } from '../common/open-calls.js';
import { Report } from '../common/report.js';
import { evaluateTypedInput } from '../common/typed-input.js';
import { withDefaults } from '../common/with-defaults.js';
import { REPLY_DEFAULTS, type ReplyFields } from './definition.js';
import { HttpInCalls, type ReplyTarget } from './http-in-calls.js';

/** Registers `poke-reply`: each message that comes in answers the call that it belongs to. */
export default function register(RED: NodeAPI): void {
  const httpInCalls = new HttpInCalls(RED);
  function ReplyNode(this: Node, saved: NodeDef & Partial<ReplyFields>): void {
    RED.nodes.createNode(this, saved);
    const fields = withDefaults(REPLY_DEFAULTS, saved);
    const content = { name: 'content', value: fields.content, type: fields.contentType };
    const report = new Report(RED, this);
    httpInCalls.serve(this);
    onInput(this, report, async (message) => {
      report.show('sending');
      const call = callOf(message) ?? httpInCalls.callOf(message);
      const isOwnError = failedIn(this, message);
      const value = isOwnError ? undefined : await evaluateTypedInput(RED, this, content, message);
      const fate = call?.reply({
        text: isOwnError ? errorText(message['error']) : replyText(value, message, call),
        isError: hasError(message),
        final: isFinal(message, fields.final),
      });
      if (fate !== undefined && fate !== 'late') return { message, status: 'sent' };
      if (!isOwnError) throw new InputError('callUnknown');
      return { status: 'noCall' };
    });
  }
  RED.nodes.registerType('poke-reply', ReplyNode);
}

function callOf(message: NodeMessageInFlow): ToolCall | undefined {
  const { callId } = pokeFacts(message);
  const ids = [callId, message._msgid].filter((id) => typeof id === 'string');
  return ids.map((id) => openCalls.find(id)).find((call) => call !== undefined);
}

/** Whether a catch node brings a message back that failed right here: it must not go round and round. */
function failedIn({ id }: Node, message: NodeMessageInFlow): boolean {
  const { error } = message as { error?: { source?: { id?: unknown } } };
  return error?.source?.id === id;
}

/** A message that a catch node sent on as it was says less than the error that it was caught with. */
function replyText(value: unknown, message: NodeMessageInFlow, call: ReplyTarget): string {
  const isUntouched = isDeepStrictEqual(value, call.facts.arguments) || isBinary(value);
  if (hasError(message) && isUntouched) return errorText(message['error']);
  if (isBinary(value)) throw new InputError('replyUnsupported', { type: 'Buffer' });
  return updateText(value);
}

function errorText(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    return String(error.message);
  }
  return updateText(error);
}

function hasError(message: NodeMessageInFlow): boolean {
  return Boolean(message['error']);
}

/** The message decides, if it says so. */
function isFinal(message: NodeMessageInFlow, otherwise: boolean): boolean {
  const { final } = pokeFacts(message);
  return typeof final === 'boolean' ? final : otherwise;
}

function pokeFacts(message: NodeMessageInFlow): { callId?: unknown; final?: unknown } {
  const { poke } = message as { poke?: unknown };
  return typeof poke === 'object' && poke !== null ? poke : {};
}
