export type { Code, Codes, Fail, FailOptions } from './codes.js';
export { defineExtension, type Extension, type KindPart, type NestModule } from './define-extension.js';
export {
  defineKind,
  type DoneItem,
  type KindDefinition,
  type PlainItem,
  type PlainKindPart,
  type RecordedItem,
} from './define-kind.js';
export {
  defineListener,
  type Delivery,
  type EventOf,
  type EventType,
  type ImportAccepted,
  type ImportFinished,
  type ListenerDefinition,
  type ListenerPart,
  type ListenerTools,
  type HearsOfReturns,
  type MediaChanged,
  type MediaRemoved,
  type ReelportEvent,
} from './define-listener.js';
export {
  defineMediaKind,
  type CommonCode,
  type FileInHand,
  type FirstBytes,
  type MediaKindDefinition,
  type MediaKindPart,
} from './define-media-kind.js';
export {
  defineMediaService,
  type MediaServiceDefinition,
  type MediaServicePart,
  type StoredFile,
} from './define-media-service.js';
export { defineScopes, type ExtensionScopes } from './define-scopes.js';
export { defineSettings, secret, type SecretMark, type Settings } from './define-settings.js';
export { defineStep, type StepDefinition, type StepPart } from './define-step.js';
export { defineStorage, type StorageDefinition, type StoragePart } from './define-storage.js';
export {
  choice,
  flag,
  integer,
  nullable,
  number,
  optional,
  text,
  type Field,
  type FieldOptions,
  type Shape,
  type ShapeOf,
} from './shape.js';
export type { Download, DownloadOptions, ItemInHand, ItemLogger, KindTools, Tools } from './tools.js';
