/** Whether we are the superuser. */
export const isRoot = (): boolean => process.getuid?.() === 0;
