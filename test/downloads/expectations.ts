import type { Failed } from './attempts.js';
import type { Behaviour, Script } from './behaviour.js';
import { isDetectable } from './lies.js';

/**
 * Whether an attempt failed without a broken connection, although every lie was detectable in time for another request.
 */
export function isUnexpectedFailure({ attempt: { behaviours, ending } }: Failed): boolean {
  return ending === 'normal' && behaviours.every(({ cut, lie }) => cut === null && isDetectable(lie));
}

/** Whether the answer identifies this version. Weak validators match both versions. */
export function mustBeCurrent(
  { sizes }: Script,
  { validators, conditional, framing, lie }: Behaviour,
): boolean {
  if (validators !== 'weak tag' && validators !== 'date within the second') return true;
  return !conditional && lie === null && framing === 'length' && sizes[0] !== sizes[1];
}
