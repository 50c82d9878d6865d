import type { NodeAPI } from 'node-red';

type Handler = ReturnType<NodeAPI['auth']['needsPermission']>;
type Request = Parameters<Handler>[0];
type Response = Parameters<Handler>[1];

/** The members of a request's JSON body. */
export type Body = ReadonlyMap<string, unknown>;

/** One thing that a dialog can ask the server. */
export interface AdminRoute<TQuestion> {
  /** Below `poke/`. */
  readonly path: string;
  readonly permission: 'poke.read' | 'poke.write';
  /** The question in a body, or `undefined` when it is none. */
  readonly read: (body: Body) => TQuestion | undefined;
  readonly answer: (RED: NodeAPI, question: TQuestion) => Promise<object>;
}

/** Lets dialogs POST a question, as JSON, and get the answer as JSON. */
export function adminRoute<TQuestion>(RED: NodeAPI, route: AdminRoute<TQuestion>): void {
  const { path, permission } = route;
  RED.httpAdmin.post(`/poke/${path}`, RED.auth.needsPermission(permission), (request, response) => {
    respond(RED, route, request, response).catch((error: unknown) => {
      RED.log.error(`poke/${path}: ${String(error)}`);
      response.sendStatus(500);
    });
  });
}

/** The members of those names, or `undefined` unless each is a text. */
export function textMembers<TName extends string>(
  body: Body,
  names: readonly TName[],
): Record<TName, string> | undefined {
  const texts: Partial<Record<TName, string>> = {};
  for (const name of names) {
    const value = body.get(name);
    if (typeof value !== 'string') return undefined;
    texts[name] = value;
  }
  return hasAll(texts, names) ? texts : undefined;
}

function hasAll<TName extends string>(
  texts: Partial<Record<TName, string>>,
  names: readonly TName[],
): texts is Record<TName, string> {
  return names.every((name) => name in texts);
}

async function respond<TQuestion>(
  RED: NodeAPI,
  { read, answer }: AdminRoute<TQuestion>,
  request: Request,
  response: Response,
): Promise<void> {
  // A form of another site can post anything but JSON.
  if (!request.is('json')) {
    response.sendStatus(415);
    return;
  }
  const body: unknown = request.body;
  const members = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const question = read(new Map<string, unknown>(members));
  if (question === undefined) response.sendStatus(400);
  else response.json(await answer(RED, question));
}
