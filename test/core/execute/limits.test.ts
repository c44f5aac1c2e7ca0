import { describe, expect, it } from 'vitest';
import type { RoutingRequest } from '../../../src/domain/request.ts';
import { limitsOf } from '../../../src/execute/limits.ts';
import { aConversation } from '../../support/builders.ts';
import { aRequirement } from '../../support/plans.ts';

const STREAM: RoutingRequest = { conversation: aConversation({ stream: true }) };
const WHOLE: RoutingRequest = { conversation: aConversation() };
const abilities = { ...aRequirement().abilities, reasoning: true };

describe('limitsOf', () => {
  it.each([
    ['a stream', STREAM, {}, [600_000, 10_000, 30_000]],
    ['a stream of a reasoning model', STREAM, { abilities }, [600_000, 60_000, 120_000]],
    ['a whole answer, silent until its last token', WHOLE, {}, [600_000, 60_000, 30_000]],
    ['a long whole answer', WHOLE, { outputRoomTokens: 4000 }, [600_000, 210_000, 30_000]],
    [
      'what the caller says',
      { ...WHOLE, deadlineMs: 9000, firstTokenMs: 800, idleMs: 700 },
      {},
      [9000, 800, 700],
    ],
  ])('has a deadline, a first content and a gap for %s', (_, request, requirement, limits) => {
    const { deadlineMs, firstContentMs, idleMs } = limitsOf(request, aRequirement(requirement));

    expect([deadlineMs, firstContentMs, idleMs]).toEqual(limits);
  });
});
