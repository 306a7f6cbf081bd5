import { createReelport } from 'reelport';
import { captions } from './captions.js';

await createReelport({ extensions: [captions] }).run();
