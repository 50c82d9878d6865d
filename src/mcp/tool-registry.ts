import { InputError } from '../errors/errors.js';
import { isToolName } from '../shared/tool-schema.js';
import type { Tool } from './tool.js';

/** The tools of one server. */
export class ToolRegistry {
  readonly #tools = new Map<string, Tool>();

  /** @throws {InputError} when another tool has the name, or it is none. */
  add(tool: Tool): void {
    const { name } = tool;
    if (this.#tools.get(name) === tool) return;
    if (!isToolName(name)) throw new InputError('toolNameUnusable', { name });
    if (this.#tools.has(name)) throw new InputError('toolNameTaken', { name });
    this.#tools.set(name, tool);
  }

  remove(tool: Tool): void {
    if (this.#tools.get(tool.name) === tool) this.#tools.delete(tool.name);
  }

  find(name: string): Tool | undefined {
    return this.#tools.get(name);
  }

  /** In the order in which they came. */
  list(): readonly Tool[] {
    return [...this.#tools.values()];
  }
}
