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
export type { Outbox, Outcome } from './delivery/outbox.js';
export { RefusingOutbox } from './delivery/refusing-outbox.js';
export { ERROR_TEXTS, type ErrorReason, type ErrorValues } from './errors/error-texts.js';
export {
  ApiError,
  AuthenticationError,
  CredentialsError,
  ForbiddenError,
  InputError,
  NetworkError,
  PokeError,
  type PokeErrorCode,
  RateLimitError,
  TimeoutError,
} from './errors/errors.js';
export type { AccessRules } from './mcp/access-guard.js';
export { McpEndpoint, type McpEndpointOptions } from './mcp/mcp-endpoint.js';
export { OpenCalls } from './mcp/open-calls.js';
export type { Tool } from './mcp/tool.js';
export { type CallReply, type ReplyFate, ToolCall } from './mcp/tool-call.js';
export { ToolServer, type ToolServerOptions } from './mcp/tool-server.js';
