import type { Breach, Evidence } from './evidence.ts';
import { MODELS, nameOf } from './models.ts';
import { CALLER_FAULTS, COUNTED_KEY_FAULTS, KEY_FAULTS, ODD_ANSWERS, VERDICTS } from './weather.ts';

/** In front of an opening, the failures that it counted are looked for so far back. */
const OPENING_MS = 120_000;
const THRESHOLD = 3;
/** More of the same say no more. */
const MOST_SHOWN = 5;

/** Told to the books before the isolate died, or the caller left, and the call never went out. */
const MAY_BE_UNSENT = ['orphan', 'cancelled'];

/**
 * Accepted calls = closed lines of the books, exactly, and none twice. Only a death, or a caller that
 * leaves at once, may make a line more than the provider saw calls.
 */
function checkBooks({ calls, lines, kills }: Evidence): Breach[] {
  const breaches: Breach[] = [];
  const told = (what: string): void => {
    breaches.push({ invariant: '3 books', what });
  };
  const keys = new Set(lines.map(({ request_id, number }) => `${request_id} ${number}`));
  if (keys.size !== lines.length) told(`${lines.length} lines, ${keys.size} of them distinct`);
  const open = lines.filter(({ outcome }) => outcome === 'open');
  if (open.length > 0) told(`${open.length} lines are open`);
  const orphans = lines.filter(({ outcome }) => outcome === 'orphan');
  if (orphans.length > 0 && kills.length === 0) told(`${orphans.length} orphans without a death`);
  const names = new Set([
    ...calls.map(({ model }) => model),
    ...MODELS.map(({ id }) => nameOf(id)),
  ]);
  for (const name of names) {
    const made = calls.filter(({ model }) => model === name).length;
    const booked = lines.filter(({ model }) => nameOf(model) === name);
    const unsure = booked.filter(({ outcome }) => MAY_BE_UNSENT.includes(outcome)).length;
    if (booked.length >= made && booked.length - unsure <= made) continue;
    const byOutcome = [...Map.groupBy(booked, ({ outcome }) => outcome)];
    const outcomes = byOutcome.map(([outcome, some]) => `${some.length} ${outcome}`).join(', ');
    told(`${name}: ${made} calls, ${booked.length} lines: ${outcomes}`);
  }
  return breaches;
}

function checkLogs({ logs, canary }: Evidence): Breach[] {
  return logs
    .filter((line) => line.includes(canary) || line.includes('PROMPT-CANARY'))
    .slice(0, MOST_SHOWN)
    .map((line) => ({ invariant: '5 canary', what: `log: ${line.slice(0, 300)}` }));
}

/** What says nothing of a model's health. */
const HARMLESS: ReadonlySet<string> = new Set(
  ['ok', ...CALLER_FAULTS, ...KEY_FAULTS, ...ODD_ANSWERS, ...VERDICTS].filter(
    (fault) => !COUNTED_KEY_FAULTS.includes(fault),
  ),
);

/** A breaker opens by what its model did, and by nothing that callers or keys brought about. */
function checkOpenings({ breakerEvents, calls }: Evidence): Breach[] {
  const last = new Map<string, string>();
  const breaches: Breach[] = [];
  for (const { model, state, at } of breakerEvents) {
    const before = last.get(model) ?? 'closed';
    last.set(model, state);
    if (state !== 'open' || before !== 'closed') continue;
    const recent = calls
      .filter(({ model: name, startedAt }) => {
        return name === nameOf(model) && startedAt <= at && startedAt >= at - OPENING_MS;
      })
      .map(({ fault }) => fault ?? 'ok');
    const counted = recent.filter((fault) => !HARMLESS.has(fault));
    if (counted.length >= THRESHOLD) continue;
    const what = `${model} opened behind ${recent.slice(-9).join(', ')}`;
    breaches.push({ invariant: '6 health', what });
  }
  return breaches;
}

export const CHECKS_OF_FLEET = [checkBooks, checkLogs, checkOpenings];
