import { describe, expect, it } from 'vitest';
import { inputTokensOf, mergeUsage } from '../../../src/domain/response.ts';

describe('mergeUsage', () => {
  it('takes snapshots, never increments: the later wins field by field (F62)', () => {
    const first = { uncachedInputTokens: 10, outputTokens: 1 };
    const second = { outputTokens: 7, reasoningTokens: 2 };

    expect(mergeUsage(first, second)).toEqual({
      uncachedInputTokens: 10,
      outputTokens: 7,
      reasoningTokens: 2,
    });
  });
});

describe('inputTokensOf', () => {
  it('adds up the disjoint parts of the input', () => {
    const usage = {
      uncachedInputTokens: 1,
      cacheReadTokens: 20,
      cacheWriteTokens: 300,
      cacheWrite1hTokens: 4000,
      audioInputTokens: 1,
      outputTokens: 50_000,
    };

    expect(inputTokensOf(usage)).toBe(4321);
  });

  it('tells a reported zero from nothing reported', () => {
    expect(inputTokensOf({ uncachedInputTokens: 0 })).toBe(0);
    expect(inputTokensOf({ outputTokens: 5 })).toBeUndefined();
  });
});
