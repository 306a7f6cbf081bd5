import type { Failed } from './attempts.js';
import type { Behaviour, Script } from './behaviour.js';
import { isPlainToSee } from './lies.js';

/** Whether an attempt failed though nothing broke, and every lie was to be seen in time to ask again. */
export function isFailureOfOurs({ attempt: { behaviours, ending } }: Failed): boolean {
  return ending === 'normal' && behaviours.every(({ cut, lie }) => cut === null && isPlainToSee(lie));
}

/** Whether an answer told that it was about this version: weak validators say that one is as good as the other. */
export function mustBeCurrent(
  { sizes }: Script,
  { validators, conditional, framing, lie }: Behaviour,
): boolean {
  if (validators !== 'weak tag' && validators !== 'date within the second') return true;
  return !conditional && lie === null && framing === 'length' && sizes[0] !== sizes[1];
}
