/** How a package manager installs without anybody at the keyboard. */
export interface PackageManager {
  readonly name: PackageManagerName;
  /** Who may install: root, or, for Homebrew, anybody but root. */
  readonly asRoot: boolean;
  /** Run once, before the first package. */
  readonly prepare?: string;
  /** The name of the package follows. */
  readonly install: string;
}

export type PackageManagerName = 'apt-get' | 'dnf' | 'apk' | 'pacman' | 'brew';

/** The first one that a machine has is its own. */
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
