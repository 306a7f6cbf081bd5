import { createReelport } from 'reelport';
import { notify } from './notify.js';

await createReelport({ extensions: [notify] }).run();
