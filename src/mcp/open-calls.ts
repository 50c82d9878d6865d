import type { Tool } from './tool.js';
import type { ToolCall } from './tool-call.js';

/** The calls that have not ended yet, by their ids. */
export class OpenCalls {
  readonly #calls = new Map<string, ToolCall>();

  get size(): number {
    return this.#calls.size;
  }

  add(call: ToolCall): void {
    this.#calls.set(call.facts.id, call);
  }

  remove(call: ToolCall): void {
    this.#calls.delete(call.facts.id);
  }

  find(id: string): ToolCall | undefined {
    return this.#calls.get(id);
  }

  /** Ends all calls of `tool`, which is about to go. */
  interrupt(tool: Tool): void {
    for (const call of [...this.#calls.values()]) {
      if (call.facts.tool === tool) call.interrupt();
    }
  }
}
