export {
  type CallbackContext,
  currentCallbackContext,
  extractCallbackContext,
  pokeCallbackMiddleware,
  type RequestHeaders,
  runWithCallbackContext,
} from './callbacks/callback-context.js';
export {
  type CallbackPolicy,
  checkedCallbackUrl,
  DEFAULT_CALLBACK_POLICY,
} from './callbacks/callback-policy.js';
export {
  type CallbackPoster,
  type CallbackUpdate,
  HttpCallbackPoster,
  type HttpCallbackPosterOptions,
} from './callbacks/callback-poster.js';
export { CallbackSender, type CallbackSenderOptions } from './callbacks/callback-sender.js';
export {
  type CallbackStore,
  MemoryCallbackStore,
  type StoredCallback,
} from './callbacks/callback-store.js';
export { FileCallbackStore } from './callbacks/file-callback-store.js';
export { updateText } from './callbacks/update-text.js';
export {
  type ReportingHandler,
  type WithCallbacksOptions,
  withCallbacks,
} from './callbacks/with-callbacks.js';
export type { Reply } from './client/answer.js';
export type { PokeOptions, ProxyOptions, TlsOptions } from './client/options.js';
export { resolveBaseUrl } from './client/options.js';
export {
  type CallOptions,
  type MessageAnswer,
  Poke,
  type Webhook,
  type WebhookAnswer,
} from './client/poke.js';
export { type Clock, systemClock } from './clock.js';
export { UnderWay } from './collections/under-way.js';
export { isBinary, isPlainObject, type JsonObject, parseJson } from './content/json.js';
export { jsonMembers } from './content/json-members.js';
export {
  type ApiKey,
  type ApiKeySource,
  findApiKey,
  requireApiKey,
} from './credentials/api-key.js';
export { loginFilePath } from './credentials/login-file.js';
export {
  type Delivery,
  eventDelivery,
  messageDelivery,
  newDeliveryId,
} from './delivery/delivery.js';
export { DirectOutbox } from './delivery/direct-outbox.js';
export type { DurableOutbox } from './delivery/durable-outbox.js';
export { laneOf } from './delivery/entry.js';
export { type ErrorSummary, restoreError, summarizeError } from './delivery/error-summary.js';
export { withinGrace } from './delivery/grace.js';
export { type OutboxOptions, openOutbox } from './delivery/open-outbox.js';
export type { OpeningOutbox } from './delivery/opening-outbox.js';
export type { Delivered, Failed, Kept, Origin, Outbox, Outcome } from './delivery/outbox.js';
export type { DeliverySummary, OutboxDesk, OutboxStatus } from './delivery/outbox-desk.js';
export type { OutboxEvents } from './delivery/outbox-events.js';
export { DEFAULT_OUTBOX_SETTINGS, type OutboxSettings } from './delivery/outbox-settings.js';
export type { QueuedDelivery } from './delivery/queued-delivery.js';
export { RefusingOutbox } from './delivery/refusing-outbox.js';
export { ERROR_TEXTS, type ErrorReason, type ErrorValues } from './errors/error-texts.js';
export {
  ApiError,
  AuthenticationError,
  CredentialsError,
  ExpiredError,
  ForbiddenError,
  InputError,
  NetworkError,
  PokeError,
  type PokeErrorCode,
  QueueFullError,
  RateLimitError,
  StorageError,
  SupersededError,
  TimeoutError,
} from './errors/errors.js';
export type { AccessRules } from './mcp/access-guard.js';
export { McpEndpoint, type McpEndpointOptions } from './mcp/mcp-endpoint.js';
export { OpenCalls } from './mcp/open-calls.js';
export type { Tool } from './mcp/tool.js';
export { type CallReply, type ReplyFate, ToolCall } from './mcp/tool-call.js';
export { ToolServer, type ToolServerOptions } from './mcp/tool-server.js';
export { AccountWebhooks } from './webhooks/account-webhooks.js';
export { digestOf, type KnownWebhook, type WebhookTexts } from './webhooks/known-webhook.js';
export { type CreatedWebhook, WebhookRegistry } from './webhooks/webhook-registry.js';
export {
  readWebhookSource,
  resolveWebhook,
  type WebhookSource,
  type WebhookTarget,
} from './webhooks/webhook-source.js';
export {
  FileWebhookStore,
  MemoryWebhookStore,
  WebhooksPutAsideError,
} from './webhooks/webhook-store.js';
export { webhookTexts } from './webhooks/webhook-texts.js';
