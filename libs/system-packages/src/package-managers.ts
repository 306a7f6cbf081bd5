/** Commands of a package manager for an installation without interaction. */
export interface PackageManager {
  readonly name: PackageManagerName;
  /** Whether it needs root; Homebrew refuses root. */
  readonly asRoot: boolean;
  /** Command to run once, before the first package. */
  readonly prepare?: string;
  /** Command to install a package, whose name is appended. */
  readonly install: string;
}

/** The supported package managers. */
export type PackageManagerName = 'apt-get' | 'dnf' | 'apk' | 'pacman' | 'brew';

/** In order of preference: the first one found is used. */
export const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    name: 'apt-get',
    asRoot: true,
    prepare: 'apt-get update -q',
    install:
      'env DEBIAN_FRONTEND=noninteractive ' +
      'apt-get -o DPkg::Lock::Timeout=120 install -q -y --no-install-recommends',
  },
  { name: 'dnf', asRoot: true, install: 'dnf install -y' },
  { name: 'apk', asRoot: true, install: 'apk add --no-cache' },
  { name: 'pacman', asRoot: true, install: 'pacman -Sy --noconfirm' },
  { name: 'brew', asRoot: false, install: 'brew install' },
];
