import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { breachesOf } from './oracle.ts';
import { printReport, reportOf } from './report.ts';
import { runChaos } from './run.ts';

const HELP = `Sends seeded requests through seeded faults and checks every invariant.

  npm run chaos [-- --seed 1] [--seeds 1] [--requests 10000] [--isolates 3] [--width 24]
                [--kills 2] [--json report.json]

--seeds N runs N seeds, from --seed on. The exit code is 1 when an invariant was broken.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    requests: { type: 'string', default: '10000' },
    isolates: { type: 'string', default: '3' },
    width: { type: 'string', default: '24' },
    kills: { type: 'string', default: '2' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const first = Number(values.seed);
  const reports = [];
  for (let seed = first; seed < first + Number(values.seeds); seed++) {
    const report = await one(seed);
    process.stdout.write(`seed ${seed}\n${printReport(report)}\n\n`);
    reports.push({ seed, ...report });
  }
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(reports, undefined, 2));
  return reports.some(({ breaches }) => breaches.length > 0) ? 1 : 0;
}

async function one(seed: number) {
  const requests = Number(values.requests);
  const evidence = await runChaos({
    seed,
    requests,
    isolates: Number(values.isolates),
    width: Number(values.width),
    kills: Number(values.kills),
    onProgress: (done) => {
      if (done % 500 === 0) process.stderr.write(`seed ${seed}: ${done} of ${requests}\n`);
    },
  });
  return reportOf(evidence, breachesOf(evidence));
}

process.exitCode = await main();
