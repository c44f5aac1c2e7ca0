import { writeFileSync } from 'node:fs';
import { type ChaosOptions, HELP, readOptions, WrongOption } from './options.ts';
import { printReport } from './print.ts';
import { PROFILES, type ProfileName } from './profiles.ts';
import { mixedReport, type Report } from './report.ts';
import { runChaos } from './run.ts';

/** Lines of progress come this often, in requests. */
const PROGRESS_EVERY = 500;

async function main(words: readonly string[]): Promise<number> {
  const options = readOptions(words);
  if (options === 'help') {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  if (options.json !== undefined) touch(options.json);
  const reports: Report[] = [];
  for (const profile of options.profiles) {
    for (const seed of options.seeds) {
      const report = await runProfile(profile, seed, options);
      process.stdout.write(`${printReport(report)}\n\n`);
      reports.push(report);
    }
  }
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(reports, undefined, 2)}\n`);
  return reports.some(({ breaches }) => breaches.length > 0) ? 1 : 0;
}

/** A path that cannot be written is better known before the run than behind it. */
function touch(path: string): void {
  try {
    writeFileSync(path, '');
  } catch (error) {
    throw new WrongOption(`--json cannot be written: ${String(error)}`);
  }
}

async function runProfile(
  profile: ProfileName,
  seed: number,
  options: ChaosOptions,
): Promise<Report> {
  const onProgress = (done: number): void => {
    if (done % PROGRESS_EVERY === 0) process.stderr.write(`${profile}, seed ${seed}: ${done}\n`);
  };
  if (profile === 'mixed') {
    return mixedReport(seed, await runChaos({ ...options, seed, onProgress }));
  }
  const { requests } = options;
  return { profile, seed, ...(await PROFILES[profile]({ seed, requests, onProgress })) };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof WrongOption)) throw error;
  process.stderr.write(`${error.message}\nnpm run chaos -- --help shows what there is.\n`);
  process.exitCode = 2;
}
// Connections of killed isolates may hold the process for ever; what was written has to go out first.
process.stdout.write('', () => process.exit());
