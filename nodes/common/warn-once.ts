import type { Node, NodeAPI } from 'node-red';
import { Report } from './report.js';

/** Warns of each problem the first time that it comes up: what every call runs into is said once. */
export function warnOnce(RED: NodeAPI, node: Node): (error: Error) => void {
  const report = new Report(RED, node);
  const said = new Set<string>();
  return (error) => {
    const { message } = report.inWords(error);
    if (said.has(message)) return;
    said.add(message);
    node.warn(message);
  };
}
