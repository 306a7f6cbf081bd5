/** A value of this tab, gone when the tab is closed. Where storage is blocked, nothing is kept. */
export function stored(name: string): string | undefined {
  try {
    return window.sessionStorage.getItem(`reelport.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param value undefined removes it */
export function store(name: string, value: string | undefined): void {
  try {
    if (value === undefined) window.sessionStorage.removeItem(`reelport.${name}`);
    else window.sessionStorage.setItem(`reelport.${name}`, value);
  } catch {
    // The page works without it until it is loaded again.
  }
}
