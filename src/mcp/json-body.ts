import type { IncomingMessage } from 'node:http';

/** The parsed body of a request, or why there is none. */
export type JsonBody = { readonly value: unknown } | { readonly problem: BodyProblem };

/** Too many bytes, no JSON, or nested too deep. */
export type BodyProblem = 'tooLarge' | 'notJson' | 'tooDeep' | 'cutOff';

/** What a body may be at most. */
export interface BodyLimits {
  readonly bytes: number;
  /** Arrays and objects within each other. */
  readonly depth: number;
}

/**
 * Reads the JSON body of a request, no further than its limits. A body that other middleware has read and
 * parsed before is taken as it is.
 */
export async function readJsonBody(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<JsonBody> {
  if (request.readableEnded && 'body' in request) return { value: request.body };
  if (Number(request.headers['content-length'] ?? 0) > limits.bytes) return { problem: 'tooLarge' };
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limits.bytes) return { problem: 'tooLarge' };
      chunks.push(chunk);
    }
  } catch {
    return { problem: 'cutOff' };
  }
  return parse(Buffer.concat(chunks).toString(), limits.depth);
}

function parse(text: string, maxDepth: number): JsonBody {
  // What recurses over such a value later on would overflow the stack.
  if (depthOf(text) > maxDepth) return { problem: 'tooDeep' };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: 'notJson' };
  }
}

/** How deep the brackets of a JSON text nest. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') isInString = !isInString;
    else if (isInString) index += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, (depth += 1));
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}
