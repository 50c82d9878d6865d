import type { Node } from 'node-red';

/** Until `user` closes, Node-RED passes a config node's own statuses and errors on to the flow of that node. */
export function addUser(config: { readonly users: Record<string, Node> }, user: Node): void {
  config.users[user.id] = user;
  user.on('close', () => {
    Reflect.deleteProperty(config.users, user.id);
  });
}
