/** Tests of extensions: docs/extending.md. Needs no particular test runner. */
export { storageContract, type StorageCase } from '#libs/storage';
export {
  kindContract,
  type BadFile,
  type GoodFile,
  type KindCase,
  type KindSamples,
} from './kind-contract.js';
export { openScene, type Scene } from './open-scene.js';
export {
  startOrigin,
  type Answer,
  type AnswerOptions,
  type Body,
  type Origin,
  type OriginOptions,
  type OriginRequest,
  type WaitOptions,
} from './origin.js';
export { newPartner, type Partner, type PartnerOptions } from './partner.js';
export type { ApiAnswer } from './call-api.js';
export type { BatchOptions, ImportedItem, PartnerApi, WaitLimit } from './partner-api.js';
export {
  startReceiver,
  type Delivery,
  type Receiver,
  type ReceiverAnswer,
  type ReceiverOptions,
} from './receiver.js';
export { startReelport, type RunningReelport, type StartOptions } from './start-reelport.js';
