/** Describes the removal of a medium. */
export function removalOf(noun: string): string {
  return (
    `The ${noun} leaves every list, and its files, replaced versions included, are no longer served by this ` +
    'service as soon as the response arrives; a file that other media have as well stays. ' +
    `Within \`ORPHAN_GRACE_MS\` (24 hours by default) the ${noun} can be restored; then it is erased. ` +
    `An import that is accepted later brings the ${noun} back under the same mediaId, with the next version; ` +
    'one that was accepted earlier does not. Repeating the request changes nothing'
  );
}

/** Describes the return of a removed medium. */
export function restoringOf(noun: string): string {
  return (
    `Brings a ${noun} back as it was, with its version and files, within \`ORPHAN_GRACE_MS\` after its removal. ` +
    `A ${noun} that is not removed stays as it is`
  );
}
