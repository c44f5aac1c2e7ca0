import { FAULTS } from '../simulator/plan.ts';
import type { Figure } from './profiles.ts';
import type { ChaosReport, FaultRow, Report } from './report.ts';

/** Of each invariant, so many breaches are shown. */
const MOST_SHOWN = 5;
const MOST_CHARACTERS = 400;
const ABOUT_WIDTH = 44;

/** A report as a person reads it. */
export function printReport({ profile, seed, run, figures, breaches }: Report): string {
  const byInvariant = Map.groupBy(breaches, ({ invariant }) => invariant);
  return [
    `${profile}, seed ${seed}`,
    ...(run === undefined ? [] : runLines(run)),
    ...figures.map(figureLine),
    breaches.length === 0 ? 'no breach' : `${breaches.length} breaches:`,
    ...[...byInvariant].flatMap(([invariant, some]) => [
      `  ${invariant}: ${some.length}`,
      ...some.slice(0, MOST_SHOWN).map(({ what }) => `    ${what.slice(0, MOST_CHARACTERS)}`),
    ]),
  ].join('\n');
}

function runLines(run: ChaosReport): string[] {
  const answers = Object.entries(run.answers).sort(([, a], [, b]) => b - a);
  return [
    `  ${run.requests} requests; ${run.served} of ${run.plain} plain ones were served`,
    `  ${run.calls} calls, ${run.lines} lines in the books, ${run.orphans} of them closed by the reconciler, ${run.lines - run.calls} never sent`,
    `  ${run.callsPerRequest.toFixed(3)} calls a request, at most ${run.mostCallsOfOne} for one; p50 ${run.p50Ms} ms, p99 ${run.p99Ms} ms`,
    `  answers: ${answers.map(([name, count]) => `${count} × ${name}`).join(', ')}`,
    '',
    `  ${'fault'.padEnd(10)} ${'what it is'.padEnd(ABOUT_WIDTH)} ${cells(HEADS)}`,
    ...[...run.faults].sort((a, b) => a.fault.localeCompare(b.fault)).map(faultLine),
    '',
  ];
}

const HEADS = ['met', 'tried', 'rescued', 'attempts', 'extra', 'p50 ms'];

function faultLine(row: FaultRow): string {
  const { fault, met, tried, rescued, attempts, extraCalls, p50Ms } = row;
  const about = (FAULTS[fault] ?? '').slice(0, ABOUT_WIDTH).padEnd(ABOUT_WIDTH);
  const numbers = [met, tried, rescued, attempts, extraCalls, p50Ms];
  return `  ${fault.padEnd(10)} ${about} ${cells(numbers)}`;
}

function cells(values: readonly (string | number)[]): string {
  return values.map((value) => String(value).padStart(8)).join(' ');
}

function figureLine({ name, value, least, most }: Figure): string {
  const limits = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(most === undefined ? [] : [`at most ${most}`]),
  ];
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(3);
  return `  ${name.padEnd(56)} ${shown.padStart(9)}   (${limits.join(', ')})`;
}
