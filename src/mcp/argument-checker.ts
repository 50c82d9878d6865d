import type { JsonObject } from '../content/json.js';
import { InputError } from '../errors/errors.js';
import type * as McpSdkModule from './mcp-sdk.js';
import type { Tool } from './tool.js';

type McpSdk = typeof McpSdkModule;
type Validator = InstanceType<McpSdk['AjvJsonSchemaValidator']>;
type Check = ReturnType<Validator['getValidator']>;

/** Checks what tools are called with against their schemas. */
export class ArgumentChecker {
  readonly #checks = new WeakMap<Tool, Check>();

  /** @throws {InputError} when the schema of `tool` is none by which arguments could be checked. */
  async checkSchema(tool: Tool): Promise<void> {
    const sdk = await import('./mcp-sdk.js');
    try {
      this.#checkOf(tool, sdk);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new InputError('schemaUnusable', { name: tool.name, detail });
    }
  }

  /** What is wrong with the arguments, or `undefined`. */
  async problem(tool: Tool, args: JsonObject): Promise<string | undefined> {
    const check = this.#checkOf(tool, await import('./mcp-sdk.js'));
    const { valid, errorMessage } = check(args);
    return valid ? undefined : errorMessage.replaceAll(/\bdata(?:\/| )/g, '').replaceAll('  ', ' ');
  }

  /** Each tool has a validator of its own: to one that is shared, all schemas of the same `$id` are the first. */
  #checkOf(tool: Tool, { AjvJsonSchemaValidator }: McpSdk): Check {
    const known = this.#checks.get(tool);
    if (known) return known;
    const check = new AjvJsonSchemaValidator().getValidator(tool.inputSchema);
    this.#checks.set(tool, check);
    return check;
  }
}
