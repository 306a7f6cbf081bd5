import { createReelport } from './create-reelport.js';

/** The API role: `npm run start:api`. */
await createReelport({ extensions: [] }).run(['start:api']);
