// A team with a scope of its own; the role is the first argument.
import { createReelport, defineExtension, defineScopes } from '../../../dist/src/index.js';

const scopes = defineScopes({ 'reports:read': 'Read the reports' });

await createReelport({ extensions: [defineExtension({ name: 'house', scopes })] }).run();
