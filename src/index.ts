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
