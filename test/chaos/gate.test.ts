import { describe, expect, it } from 'vitest';
import { breachesOf } from './oracle.ts';
import { PROFILES } from './profiles.ts';
import { reportOf } from './report.ts';
import { runChaos } from './run.ts';

const onProgress = (): void => undefined;

/** Short runs of what `npm run chaos` does at length. */
describe('chaos', () => {
  it('breaks no invariant in 250 requests with two deaths of the whole fleet', async () => {
    const evidence = await runChaos({
      seed: 20_261_125,
      requests: 250,
      isolates: 3,
      width: 24,
      kills: 2,
      time: 'simulated',
      requestsPerSpell: 15,
      onProgress,
    });

    expect(breachesOf(evidence)).toEqual([]);
    // A run that met no trouble would show nothing.
    const { faults, served, plain } = reportOf(evidence);
    expect(faults.length).toBeGreaterThanOrEqual(10);
    expect(served).toBeGreaterThanOrEqual(plain * 0.95);
  });

  it('is the same again with the same seed', async () => {
    const run = async () => {
      const settings = { seed: 7, requests: 60, isolates: 2, width: 8, kills: 1 } as const;
      const evidence = await runChaos({ ...settings, time: 'simulated', onProgress });
      return evidence.calls.map(({ model, startedAt, fault }) => [model, startedAt, fault]);
    };

    expect(await run()).toEqual(await run());
  });

  it('opens nothing by requests that are at fault themselves', async () => {
    const report = await PROFILES['caller-faults']({ seed: 1, requests: 200, onProgress });

    expect(report.breaches).toEqual([]);
  });
});
