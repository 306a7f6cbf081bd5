import { describe, expect, it } from 'vitest';
import { stringifyRaw } from '../../http/raw-json.js';
import { finishedMessage } from './finished-message.js';

const progress = {
  id: '25bzj8j',
  projectId: 1,
  kind: 'sounds',
  systemName: 'archive',
  state: 'success' as const,
  webhook: 'https://partner.example.com/hook',
  context: null,
  total: 3,
  success: 1,
  skipped: 1,
  failed: 1,
  isRun: true,
  finishedAt: new Date('2020-01-01T13:45:12.000Z'),
};

describe('finishedMessage', () => {
  it('returns the fields of the contract in order, without a context if none was given', () => {
    const [message] = finishedMessage(progress);
    expect(message).toMatchObject({
      projectId: 1,
      importId: '25bzj8j',
      url: 'https://partner.example.com/hook',
    });
    expect(JSON.stringify(message?.body)).toBe(
      '{"type":"import.finished","timestamp":"2020-01-01T13:45:12.000Z","id":"25bzj8j","state":"success",' +
        '"overview":{"total":3,"success":1,"skipped":1,"failed":1}}',
    );
  });

  it('returns the context unchanged', () => {
    const [message] = finishedMessage({ ...progress, context: '{"b":1.0, "1":{"c":null}}' });
    expect(stringifyRaw(message?.body ?? {})).toContain('"context":{"b":1.0, "1":{"c":null}}');
  });

  it('returns no message while the import runs or if it has no webhook', () => {
    expect(finishedMessage({ ...progress, state: 'success', finishedAt: null })).toEqual([]);
    expect(finishedMessage({ ...progress, webhook: null })).toEqual([]);
  });
});
