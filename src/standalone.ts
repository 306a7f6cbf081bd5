import { createReelport } from './create-reelport.js';

/** Both roles in one process: `npm start`. */
await createReelport({ extensions: [] }).run(['start']);
