/** Codes of the system that people meet, in words. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'is a folder',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left',
  ENOTDIR: 'no such file or folder',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};

/** Whether a file of this machine is at fault, and neither the network nor the server. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException & { path: string } {
  return error instanceof Error && 'code' in error && 'path' in error && typeof error.path === 'string';
}

/** Why a file could not be used, in words if the system has a common code for it. */
export function fileCause(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return WORDS[code] ?? code;
}
