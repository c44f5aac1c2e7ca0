import { describe, expect, it } from 'vitest';
import type { AttemptFailure } from '../../../src/domain/failure.ts';
import type { ModelStreamPart } from '../../../src/domain/response.ts';
import { StreamTally } from '../../../src/execute/tally.ts';

const FINISH: ModelStreamPart = { type: 'finish', reason: { unified: 'stop', raw: 'stop' } };
const DONE: ModelStreamPart = { type: 'done' };
const TEXT: ModelStreamPart = { type: 'text-delta', text: 'Hello' };
const FAULT: AttemptFailure = {
  kind: 'overload',
  code: 'overloaded',
  message: 'overloaded',
  status: 529,
  accepted: 'yes',
};
const ERROR: ModelStreamPart = { type: 'error', failure: FAULT };

function tallyOf(...parts: readonly ModelStreamPart[]): StreamTally {
  const tally = new StreamTally();
  for (const part of parts) {
    tally.add([{ name: undefined, data: '', parts: [part], isBroken: false }]);
  }
  return tally;
}

describe('StreamTally', () => {
  it('counts characters of text, reasoning, refusals and tool calls', () => {
    const tally = tallyOf(
      TEXT,
      { type: 'reasoning-delta', text: '123' },
      { type: 'refusal-delta', text: 'no' },
      { type: 'tool-call-start', index: 0, id: 'c', name: 'look' },
      { type: 'tool-call-delta', index: 0, arguments: '{}' },
      { type: 'citation', url: 'https://a.test', title: 'A' },
    );

    expect(tally.outputCharacters).toBe(5 + 3 + 2 + 4 + 2);
  });

  it('takes usage for snapshots, each field by its last (F62)', () => {
    const { usage } = tallyOf(
      { type: 'usage', usage: { uncachedInputTokens: 10, outputTokens: 1 } },
      { type: 'usage', usage: { outputTokens: 9 } },
    );

    expect(usage).toEqual({ uncachedInputTokens: 10, outputTokens: 9 });
  });

  it('knows what the provider calls itself and the answer', () => {
    const tally = tallyOf({ type: 'start', upstreamId: 'c1', upstreamModel: 'm' });

    expect([tally.upstreamId, tally.upstreamModel]).toEqual(['c1', 'm']);
  });

  it.each([
    ['a reason to finish and the last word', [TEXT, FINISH, DONE], true],
    ['a reason to finish alone', [TEXT, FINISH], true],
    ['the last word alone', [TEXT, DONE], true],
    ['neither', [TEXT], false],
    ['a fault, whatever came before', [TEXT, FINISH, ERROR], false],
    ['a fault before the last word', [TEXT, ERROR, DONE], false],
  ])('with %s is complete: %s (F53)', (_, parts, isComplete) => {
    expect(tallyOf(...parts).isComplete).toBe(isComplete);
  });

  it('keeps the first fault', () => {
    const second: ModelStreamPart = { type: 'error', failure: { ...FAULT, code: 'later' } };

    expect(tallyOf(ERROR, second).failure).toBe(FAULT);
  });
});
