import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { OpenCalls } from '../../src/index.js';

const HOOK = 'onComplete.poke-tool';

/**
 * Notes on a call the error that a node of its flow ended with: should no reply come, the agent is told that
 * instead of nothing. A flow that catches the error and replies is not disturbed. Node-RED has no other way
 * to learn of it; while there is no tool, there is no hook.
 */
export class FlowErrors {
  readonly #RED: NodeAPI;
  readonly #calls: OpenCalls;
  #watchers = 0;

  constructor(RED: NodeAPI, calls: OpenCalls) {
    this.#RED = RED;
    this.#calls = calls;
  }

  /** Watches for as long as `tool` is deployed. */
  watch(tool: Node): void {
    this.#watchers += 1;
    if (this.#watchers === 1) this.#addHook();
    tool.on('close', () => {
      this.#watchers -= 1;
      if (this.#watchers === 0) this.#RED.hooks.remove(HOOK);
    });
  }

  #addHook(): void {
    this.#RED.hooks.add(HOOK, ({ msg, error }) => {
      if (error === undefined) return;
      const { _msgid: id } = msg as NodeMessage;
      const call = id === undefined ? undefined : this.#calls.find(id);
      call?.noteProblem(error instanceof Error ? error.message : String(error));
    });
  }
}
