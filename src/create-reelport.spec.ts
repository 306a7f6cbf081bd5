import { expect, it } from 'vitest';
import { example } from '../test/kinds/example-extension.js';
import { installationOf } from './create-reelport.js';

it('the command line knows the kinds of media of the extensions', () => {
  expect(installationOf([example]).mediaKinds).toEqual(['videos', 'pictures']);
});
