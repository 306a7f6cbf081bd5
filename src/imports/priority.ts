/** Priorities of imports within their project, lowest first. */
export const PRIORITIES = ['low', 'normal', 'high'] as const;

export type Priority = (typeof PRIORITIES)[number];

/** As stored: -1, 0 or 1. */
export function rankOf(priority: Priority): number {
  return PRIORITIES.indexOf(priority) - 1;
}

/** The priority with a stored rank. */
export function priorityOf(rank: number): Priority {
  return PRIORITIES[rank + 1] ?? 'normal';
}
