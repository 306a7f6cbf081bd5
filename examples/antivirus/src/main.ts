import { createReelport } from 'reelport';
import { antivirus } from './antivirus.js';

await createReelport({ extensions: [antivirus] }).run();
