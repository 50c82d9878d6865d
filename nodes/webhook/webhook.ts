import type { Node, NodeAPI, NodeDef } from 'node-red';
import { textOf, withDefaults } from '../common/with-defaults.js';
import { WEBHOOK_DEFAULTS, type WebhookCredentials, type WebhookFields } from './definition.js';

/** A `poke-webhook`: a trigger that was made once and is fired by many. */
export interface WebhookNode extends Node<WebhookCredentials> {
  /** Node-RED's own convention: who gets this node's statuses and errors. */
  users: Record<string, Node>;
  fields: WebhookFields;
  /** Blank when there is none. */
  webhookToken: string;
}

/** Registers `poke-webhook`. */
export default function register(RED: NodeAPI): void {
  function Webhook(this: WebhookNode, saved: NodeDef & Partial<WebhookFields>): void {
    RED.nodes.createNode(this, saved);
    this.users = {};
    this.fields = withDefaults(WEBHOOK_DEFAULTS, saved);
    this.webhookToken = textOf(this.credentials.webhookToken ?? '').trim();
  }
  RED.nodes.registerType<
    WebhookNode,
    NodeDef & Partial<WebhookFields>,
    unknown,
    WebhookCredentials
  >('poke-webhook', Webhook, { credentials: { webhookToken: { type: 'password' } } });
}
