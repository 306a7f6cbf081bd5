import { createReelport } from './create-reelport.js';

/** The worker role: `npm run start:worker`. */
await createReelport({ extensions: [] }).run(['start:worker']);
