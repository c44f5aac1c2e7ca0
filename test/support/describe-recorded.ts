import { afterAll, describe } from 'vitest';
import { hasRecordings, NO_RECORDINGS, type Recording } from './recordings.ts';

/** A chapter on recorded traffic: skipped, and saying why, where the recordings are not here. */
export function describeRecorded(name: string, chapter: () => void): void {
  describe.skipIf(!hasRecordings)(hasRecordings ? name : `${name}: ${NO_RECORDINGS}`, chapter);
}

/** Prints, when the chapter is over, how many of each provider's recordings were passed on to it. */
export function tallyOf(
  title: string,
  all: readonly Recording[],
): { readonly pass: (recording: Recording) => void } {
  const passed = new Set<string>();
  afterAll(() => {
    const providers = [...new Set(all.map(({ provider }) => provider))];
    const counts = providers.map((name) => {
      const own = all.filter(({ provider }) => provider === name);
      return `${name} ${own.filter(({ id }) => passed.has(id)).length} of ${own.length}`;
    });
    process.stdout.write(`${title}: ${passed.size} of ${all.length} (${counts.join(', ')})\n`);
  });
  return { pass: ({ id }) => passed.add(id) };
}
