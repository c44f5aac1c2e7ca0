import { describe, expect, it } from 'vitest';
import { AnalyticsPoints } from '../../../src/platform/analytics-points.ts';
import { bindings } from '../bindings.ts';
import { aLine, anAttempt, anEntry } from '../entries.ts';

/** The dataset does nothing here: what it is given is kept. */
function aDataset() {
  const points: AnalyticsEngineDataPoint[] = [];
  const dataset = { writeDataPoint: (point: AnalyticsEngineDataPoint) => points.push(point) };
  return { points, dataset: dataset as unknown as AnalyticsEngineDataset };
}

/** Limits of Analytics Engine. */
const MOST_COLUMNS = 20;
const INDEX_BYTES = 96;
const BLOBS_BYTES = 16 * 1024;

function bytesOf(texts: readonly unknown[] = []): number {
  return new TextEncoder().encode(texts.join('')).length;
}

describe('AnalyticsPoints', () => {
  it('writes one point per attempt, in the documented order', () => {
    const { points, dataset } = aDataset();
    const failure = {
      kind: 'overload',
      code: 'overloaded',
      message: 'the model is overloaded',
      status: 503,
      accepted: 'no',
    } as const;
    const failed = anAttempt({ outcome: { type: 'failed', failure }, status: 503, usage: {} });
    const lines = [
      aLine({ attempt: failed, usageIsEstimated: true, costNanoUsd: undefined }),
      aLine({ attempt: anAttempt({ number: 2 }) }),
    ];

    new AnalyticsPoints(dataset).write(anEntry('request-1', { lines, isStream: true }));

    expect(points.map(({ indexes }) => indexes)).toEqual([['owner'], ['owner']]);
    const shared = ['1', 'request-1', 'key_1', 'openai/gpt-test', 'openai', 'auto', 'general'];
    expect(points.map(({ blobs }) => blobs)).toEqual([
      [...shared, 'overloaded', 'overload', 'stream', 'estimated', 'test', '', '', 'not-served'],
      [...shared, 'answered', '', 'stream', 'reported', 'test', '', '', 'served'],
    ]);
    expect(points.map(({ doubles }) => doubles)).toEqual([
      [0, 0, 0, 0, 0, 0, 0, 40, 50, 1, 503, 60],
      [20, 1, 10, 5, 0, 0, 0, 40, 50, 2, 200, 60],
    ]);
  });

  it('F80 stays within the limits of a point, whatever callers write', () => {
    const { points, dataset } = aDataset();
    const long = '€'.repeat(300);
    const attribution = {
      tenant: long,
      keyId: long,
      tags: Array.from({ length: 10 }, () => long),
      claimedUser: long,
      sessionId: long,
    };

    new AnalyticsPoints(dataset).write(anEntry(long, { attribution }));

    const [{ indexes = [], blobs = [], doubles = [] } = {}] = points;
    expect(bytesOf(indexes)).toBeLessThanOrEqual(INDEX_BYTES);
    expect(bytesOf(blobs)).toBeLessThanOrEqual(BLOBS_BYTES);
    expect(blobs.length).toBeLessThanOrEqual(MOST_COLUMNS);
    expect(doubles.length).toBeLessThanOrEqual(MOST_COLUMNS);
  });

  it('writes to the real dataset without an answer', () => {
    expect(new AnalyticsPoints(bindings.COSTS).write(anEntry('request-1'))).toBeUndefined();
  });
});
