export { bytesAlone } from './bytes-alone.js';
export { threadEntry, type ThreadEntry } from './thread-entry.js';
