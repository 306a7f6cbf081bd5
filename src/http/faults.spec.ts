import { describe, expect, it } from 'vitest';
import { badRequest } from './api-error.js';
import { Faults } from './faults.js';

function detailsOf(faults: Faults) {
  return faults.toError().envelope.error_details;
}

describe('Faults', () => {
  it('throws nothing without faults', () => {
    expect(() => new Faults().throwIfAny()).not.toThrow();
  });

  it('throws a 400 with all faults', () => {
    const faults = new Faults();
    faults.add('videos.3.id', 'Must differ from videos.1');
    faults.add('systemName', 'Must not be blank');
    expect(faults.count).toBe(2);
    expect(() => faults.throwIfAny()).toThrow('Bad Request: videos.3.id, systemName');
    expect(detailsOf(faults)).toEqual({
      'videos.3.id': 'Must differ from videos.1',
      systemName: 'Must not be blank',
    });
  });

  it('keeps the first sentence about a field', () => {
    const faults = new Faults();
    faults.add('id', 'first');
    faults.add('id', 'second');
    expect(faults.count).toBe(1);
    expect(detailsOf(faults)).toEqual({ id: 'first' });
  });

  it.each([
    [99, undefined],
    [100, undefined],
    [101, 'and 1 more'],
    [10_000, 'and 9900 more'],
  ])('shows at most 100 of %i faults', (count, more) => {
    const faults = new Faults();
    for (let index = 0; index < count; index += 1) faults.add(`videos.${index}`, 'Must go');
    const details = detailsOf(faults);
    expect(details['…']).toBe(more);
    expect(Object.keys(details)).toHaveLength(more === undefined ? count : 101);
    expect(Object.keys(details).at(-1)).toBe(more === undefined ? `videos.${count - 1}` : '…');
  });

  it('reports a field whose name is special for objects', () => {
    const faults = new Faults();
    faults.add('__proto__', 'Unknown field');
    expect(JSON.stringify(detailsOf(faults))).toBe('{"__proto__":"Unknown field"}');
  });
});

describe('badRequest', () => {
  it('caps its details', () => {
    const entries = Array.from({ length: 137 }, (_, index) => [`f${index}`, 'Must go'] as const);
    expect(badRequest(Object.fromEntries(entries)).envelope.error_details['…']).toBe('and 37 more');
  });
});
