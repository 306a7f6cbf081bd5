export { CHANNEL } from './channel.js';
export { ChildFailedError, type ChildFailure } from './child-failed-error.js';
export { ChildPool, type PoolOptions, type Place } from './child-pool.js';
export { endWithParent } from './end-with-parent.js';
export type { ChildLimits } from './limited-command.js';
export { orAborted } from './or-aborted.js';
export type { ChildOptions, PooledChild, Work } from './pooled-child.js';
export { reservedCodeMb } from './reserved-code-range.js';
export { isWornOut, type WearLimits } from './worn-out.js';
