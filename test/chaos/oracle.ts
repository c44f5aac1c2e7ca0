import type { SimulatedCall } from '../simulator/calls.ts';
import type { BookedLine } from './fleet.ts';
import type { Observation } from './traffic.ts';
import { ODD_ANSWERS, type Trouble, UNTOUCHED_FAULTS } from './weather.ts';

/** What was wrong, and when. Epoch milliseconds. */
export type Spell = {
  readonly from: number;
  readonly to: number;
  readonly troubles: readonly Trouble[];
};

/** Everything that a run brought to light. */
export type Evidence = {
  readonly observations: readonly Observation[];
  readonly spells: readonly Spell[];
  /** When isolates were killed: what ran then may break. */
  readonly kills: readonly { readonly from: number; readonly to: number }[];
  readonly calls: readonly SimulatedCall[];
  readonly lines: readonly BookedLine[];
  readonly logs: readonly string[];
  readonly canary: string;
  /** The first candidates of requests that failed, by nonce. */
  readonly candidatesByNonce: ReadonlyMap<string, readonly string[]>;
};

/** One breach of an invariant of fault catalogue §4. */
export type Breach = { readonly invariant: string; readonly what: string };

/** Those of the candidates that count: behind three failures no attempt is sure to be left. */
const FIRST = 3;
const LEAVING_MS = 1000;
const MAX_ATTEMPTS = 4;
/** Latencies of the machine itself, under load, between our clock and the simulator's. */
const SLACK_MS = 1000;

/** Every breach in a run; an empty list is the aim. */
export function breachesOf(evidence: Evidence): Breach[] {
  const callsByNonce = groupBy(evidence.calls, ({ nonce }) => nonce ?? '');
  const breaches: Breach[] = [];
  for (const observation of evidence.observations) {
    const calls = callsByNonce.get(observation.request.nonce) ?? [];
    for (const check of CHECKS) {
      const what = check(observation, calls, evidence);
      if (what !== undefined) breaches.push(what);
    }
  }
  return [...breaches, ...checkBooks(evidence), ...checkLogs(evidence)];
}

type Check = (
  observation: Observation,
  calls: readonly SimulatedCall[],
  evidence: Evidence,
) => Breach | undefined;

function breach(invariant: string, { request, status, heard }: Observation, what: string): Breach {
  const { nonce, dialect, isStream } = request;
  const kind = `${dialect.name}${isStream ? ' stream' : ''}`;
  return { invariant, what: `${nonce} (${kind}, ${status}, ${heard?.error}): ${what}` };
}

/** `Map.groupBy`, which this version of Node does not have. */
export function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Whether the caller got what it asked for. */
export function isServed({ status, heard }: Observation): boolean {
  return status === 200 && heard !== undefined && heard.isWhole && heard.error === undefined;
}

/** Whether nothing but the weather decided over a request. */
export function isPlain({ request, ...times }: Observation, { kills }: Evidence): boolean {
  const wasKilled = kills.some(({ from, to }) => times.startedAt <= to && times.endedAt >= from);
  return request.leavesAfterMs === undefined && request.callerFault === undefined && !wasKilled;
}

const checkRescue: Check = (observation, calls, evidence) => {
  if (isServed(observation) || !isPlain(observation, evidence)) return undefined;
  if (brokeUntouched(observation, calls)) return undefined;
  const { nonce } = observation.request;
  const candidates = evidence.candidatesByNonce.get(nonce) ?? [];
  const healthy = candidates
    .slice(0, FIRST)
    .find((model) => isHealthy(model, observation, evidence));
  if (healthy === undefined) return undefined;
  const asked = calls.map(({ model, fault }) => `${model} ${fault ?? 'ok'}`).join(', ');
  return breach('1 rescue', observation, `${healthy} was able and healthy; asked ${asked}`);
};

/** A native stream passes the provider's own bytes: a fault among them reaches the caller. */
function brokeUntouched({ request }: Observation, calls: readonly SimulatedCall[]): boolean {
  const last = calls.at(-1)?.fault;
  return request.isStream && last !== undefined && UNTOUCHED_FAULTS.includes(last);
}

function isHealthy(model: string, { startedAt, endedAt }: Observation, { spells }: Evidence) {
  return spells
    .filter(({ from, to }) => from <= endedAt + SLACK_MS && to >= startedAt - SLACK_MS)
    .every(({ troubles }) =>
      troubles.every((trouble) => trouble.model !== model || ODD_ANSWERS.includes(trouble.fault)),
    );
}

const checkAllowed: Check = (observation, calls) => {
  const { allowed } = observation.request;
  const stray = calls.find(({ model }) => {
    return allowed !== undefined && !allowed.some((id) => id.endsWith(`/${model}`));
  });
  return stray && breach('2 allowed set', observation, `${stray.model} was asked`);
};

const checkText: Check = (observation) => {
  const { request, heard, status } = observation;
  if (heard === undefined || status !== 200) return undefined;
  const { text, isWhole } = heard;
  const { says } = request;
  const isRight =
    says === undefined
      ? isOneModels(text, isWhole)
      : says.startsWith(text) && (!isWhole || text === says);
  return isRight ? undefined : breach('4 mixed bytes', observation, `"${text.slice(0, 200)}"`);
};

const OWN_TEXT =
  /^This is \S+, simulated\. You asked: "[^"]*" Every answer here is made up, but the format is real\.$/;
const MODELS = /This is (\S+), simulated/g;

function isOneModels(text: string, isWhole: boolean): boolean {
  const models = new Set(Array.from(text.matchAll(MODELS), ([, model]) => model));
  return models.size <= 1 && (!isWhole || OWN_TEXT.test(text));
}

const checkEnd: Check = (observation, _calls, evidence) => {
  const { request, status, heard } = observation;
  if (!request.isStream || status !== 200 || !isPlain(observation, evidence)) return undefined;
  if (heard !== undefined && (heard.isWhole || heard.error !== undefined)) return undefined;
  return breach('4 silent truncation', observation, 'neither a terminal event nor an error frame');
};

const checkCanary: Check = (observation, _calls, { canary }) => {
  const { raw, headers } = observation;
  const leaked = raw.includes(canary) || JSON.stringify(headers).includes(canary);
  return leaked ? breach('5 canary', observation, raw.slice(0, 300)) : undefined;
};

const checkCaller: Check = (observation, calls, evidence) => {
  const { request, status } = observation;
  if (request.callerFault === undefined || request.leavesAfterMs !== undefined) return undefined;
  if (evidence.kills.length > 0) return undefined;
  const isRefused = status !== undefined && status >= 400 && status < 500;
  const isCheap = calls.length <= 1;
  if ((isRefused && isCheap) || status === 503) return undefined;
  return breach('8 caller fault', observation, `${request.callerFault}: ${calls.length} calls`);
};

const checkLeaving: Check = (observation, calls) => {
  if (observation.request.leavesAfterMs === undefined) return undefined;
  const leftAt = observation.startedAt + observation.request.leavesAfterMs;
  const late = calls.find(({ startedAt, endedAt, clientLeftAt }) => {
    const closedAt = clientLeftAt ?? endedAt ?? Number.POSITIVE_INFINITY;
    return closedAt > Math.max(leftAt, startedAt) + LEAVING_MS + SLACK_MS;
  });
  return late && breach('7 leaving', observation, `${late.model} ${late.fault} stayed open`);
};

const checkAttempts: Check = (observation, calls) =>
  calls.length > MAX_ATTEMPTS
    ? breach('attempts', observation, `${calls.length} calls`)
    : undefined;

const CHECKS: readonly Check[] = [
  checkRescue,
  checkAllowed,
  checkText,
  checkEnd,
  checkCanary,
  checkCaller,
  checkLeaving,
  checkAttempts,
];

/** Accepted calls = lines of the books, exactly: no more, no fewer, none twice. */
function checkBooks({ calls, lines }: Evidence): Breach[] {
  const keys = new Set(lines.map(({ request_id, number }) => `${request_id} ${number}`));
  if (calls.length === lines.length && keys.size === lines.length) return [];
  const what = `${calls.length} calls, ${lines.length} lines, ${keys.size} of them distinct`;
  return [{ invariant: '3 books', what }];
}

function checkLogs({ logs, canary }: Evidence): Breach[] {
  return logs
    .filter((line) => line.includes(canary) || line.includes('PROMPT-CANARY'))
    .slice(0, 5)
    .map((line) => ({ invariant: '5 canary', what: `log: ${line.slice(0, 300)}` }));
}
