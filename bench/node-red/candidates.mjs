/** The bearer of every candidate; no service knows it. */
export const benchKey = 'bench-key';

/** @typedef {{ id: string, type: string, [field: string]: unknown }} FlowNode */

/**
 * One way to send messages from a flow.
 * @typedef {object} Candidate
 * @property {string} name
 * @property {string} label
 * @property {'text' | 'body'} payload what it wants in `msg.payload`: the text, or the request's body
 * @property {(address: string) => { sender: FlowNode, config?: FlowNode[] }} nodes
 */

const messagePath = '/inbound/api-message';

/** What the others are compared with. */
export const baseline = 'http-request';

/** @type {readonly Candidate[]} */
export const candidates = [
  {
    name: baseline,
    label: 'core `http request` node',
    payload: 'body',
    nodes: (address) => ({ sender: httpRequestNode(`${address}${messagePath}`) }),
  },
  {
    name: 'function-sdk',
    label: 'Function node with the official SDK',
    payload: 'text',
    nodes: (address) => ({ sender: functionNode(address) }),
  },
  sendMessageCandidate('direct', 'Send Message node, one attempt'),
  sendMessageCandidate('durable', 'Send Message node, durable'),
];

/**
 * The flow of a candidate: a source, the sender, and a sink for what the sender sends on and for its errors.
 * @param {Candidate} candidate
 * @param {string} address
 * @returns {FlowNode[]}
 */
export function candidateFlow({ name, payload, nodes }, address) {
  const { sender, config = [] } = nodes(address);
  const sink = `${name}-sink`;
  const placed = [
    { id: `${name}-source`, type: 'bench-source', candidate: name, payload, wires: [[sender.id]] },
    { ...sender, wires: [[sink]] },
    { id: `${name}-catch`, type: 'catch', scope: [sender.id], wires: [[sink]] },
    { id: sink, type: 'bench-sink', candidate: name, wires: [] },
  ];
  // Without a place, Node-RED takes a node for a config node.
  const place = { z: `${name}-tab`, x: 0, y: 0 };
  return [
    { id: place.z, type: 'tab', label: name },
    ...config,
    ...placed.map((node) => ({ ...node, ...place })),
  ];
}

/**
 * Everything but the address is left as the editor has it.
 * @param {'direct' | 'durable'} delivery
 * @param {string} label
 * @returns {Candidate}
 */
function sendMessageCandidate(delivery, label) {
  const account = `${delivery}-account`;
  return {
    name: delivery,
    label,
    payload: 'text',
    nodes: (address) => ({
      config: [{ id: account, type: 'poke-account', baseUrl: address }],
      sender: { id: `${delivery}-sender`, type: 'poke-send-message', account, delivery },
    }),
  };
}

/** @param {string} url @returns {FlowNode} */
function httpRequestNode(url) {
  const bearer = {
    keyType: 'other',
    keyValue: 'Authorization',
    valueType: 'other',
    valueValue: `Bearer ${benchKey}`,
  };
  return {
    id: 'http-request-sender',
    type: 'http request',
    method: 'POST',
    ret: 'obj',
    paytoqs: 'ignore',
    url,
    persist: true,
    senderr: false,
    headers: [bearer],
  };
}

/** @param {string} baseUrl @returns {FlowNode} */
function functionNode(baseUrl) {
  const options = JSON.stringify({ apiKey: benchKey, baseUrl });
  return {
    id: 'function-sdk-sender',
    type: 'function',
    outputs: 1,
    initialize: `const { Poke } = global.get('poke'); context.set('poke', new Poke(${options}));`,
    func: `msg.payload = await context.get('poke').sendMessage(msg.payload); return msg;`,
    finalize: '',
    libs: [],
  };
}
