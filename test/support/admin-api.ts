import { isRecord } from './is-record.js';

/** A node as flows hold it. */
export type FlowNode = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly type: string;
};

/** A set of node types, as Node-RED lists it. */
export interface NodeSet {
  readonly id: string;
  readonly name: string;
  readonly module: string;
  readonly types: readonly string[];
  readonly enabled: boolean;
  /** Why it could not be loaded. */
  readonly err?: unknown;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** The HTTP API that the editor uses. Paths begin with a slash. */
export class AdminApi {
  /** Without a slash at the end. */
  readonly url: string;
  readonly #accessToken: string | undefined;

  constructor(url: string, accessToken?: string) {
    this.url = url;
    this.#accessToken = accessToken;
  }

  get(path: string, accept = 'application/json'): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { ...this.#authorization(), Accept: accept } });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { ...this.#authorization(), 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** What is deployed, as an editor gets it. */
  async flows(): Promise<FlowNode[]> {
    return readList(await this.get('/flows'), isFlowNode);
  }

  /** Every set of nodes that Node-RED knows, its own included. */
  async nodes(): Promise<NodeSet[]> {
    return readList(await this.get('/nodes'), isNodeSet);
  }

  /** Presses the button of an inject node. */
  async inject(nodeId: string): Promise<void> {
    const response = await this.post(`/inject/${nodeId}`, {});
    if (!response.ok) throw new Error(`The inject node ${nodeId} answers ${response.status}.`);
  }

  #authorization(): Record<string, string> {
    return this.#accessToken === undefined ? {} : { Authorization: `Bearer ${this.#accessToken}` };
  }
}

/** Returns an access token. */
export async function logIn(url: string, login: Login): Promise<string> {
  const body = { client_id: 'node-red-editor', grant_type: 'password', scope: '', ...login };
  const response = await new AdminApi(url).post('/auth/token', body);
  const answer: unknown = await response.json();
  if (isRecord(answer) && typeof answer['access_token'] === 'string') return answer['access_token'];
  throw new Error(`Node-RED does not let ${login.username} in: it answers ${response.status}.`);
}

async function readList<T>(
  response: Response,
  isEntry: (value: unknown) => value is T,
): Promise<T[]> {
  const list: unknown = await response.json();
  if (Array.isArray(list) && list.every(isEntry)) return list;
  throw new Error(`${response.url} answers ${response.status} with ${JSON.stringify(list)}.`);
}

function isFlowNode(value: unknown): value is FlowNode {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['type'] === 'string';
}

function isNodeSet(value: unknown): value is NodeSet {
  return isRecord(value) && typeof value['module'] === 'string' && Array.isArray(value['types']);
}
