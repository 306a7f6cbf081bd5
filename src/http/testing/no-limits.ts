import type { RuleContext } from '../context-rule.js';

/** A configuration that refuses nothing. */
export const NO_LIMITS: RuleContext = { maxBatchItems: Infinity, refusalOf: () => undefined };
