/** Whether this process runs as root. @returns false on systems without user ids */
export const isRoot = (): boolean => process.getuid?.() === 0;
