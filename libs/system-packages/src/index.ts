export { installProgram, type InstalledProgram, type ProgramInstallation } from './install-program.js';
export { isRoot } from './is-root.js';
export type { PackageManagerName } from './package-managers.js';
export { pathOf } from './path-of.js';
