import { createReelport } from 'reelport';
import { images } from './images.js';

await createReelport({ extensions: [images] }).run();
