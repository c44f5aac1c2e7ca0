import type { SimulatedCall } from '../simulator/calls.ts';
import {
  type Breach,
  type Evidence,
  isPlain,
  isServed,
  type Observation,
  wasKilled,
} from './evidence.ts';
import { nameOf } from './models.ts';
import { CHECKS_OF_FLEET } from './oracle-fleet.ts';
import { isResting } from './resting.ts';
import {
  COUNTED_KEY_FAULTS,
  ODD_ANSWERS,
  SILENT_FAULTS,
  UNTOUCHED_FAULTS,
  VERDICTS,
} from './weather.ts';

/** Of the candidates these count, and those that have just answered: others may come too late. */
const FIRST = 3;
const RECENT_MS = 30_000;
const LEAVING_MS = 1000;
const MAX_ATTEMPTS = 4;
/** Latencies of the machine itself, under load, between our clock and the simulator's. */
const SLACK_MS = 1000;
const DEADLINE_SLACK_MS = 3000;

/** Every breach in a run; an empty list is the aim. */
export function breachesOf(evidence: Evidence): Breach[] {
  const callsByNonce = Map.groupBy(evidence.calls, ({ nonce }) => nonce ?? '');
  const breaches: Breach[] = [];
  for (const observation of evidence.observations) {
    const calls = callsByNonce.get(observation.request.nonce) ?? [];
    for (const check of CHECKS) {
      const found = check(observation, calls, evidence);
      if (found !== undefined) breaches.push(found);
    }
  }
  return [...breaches, ...CHECKS_OF_FLEET.flatMap((check) => check(evidence))];
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

const checkRescue: Check = (observation, calls, evidence) => {
  if (isServed(observation) || !isPlain(observation, evidence)) return undefined;
  if (isVerdict(observation, calls) || isBeyondHelp(observation)) return undefined;
  const { nonce, allowed } = observation.request;
  const first = (evidence.candidatesByNonce.get(nonce) ?? []).slice(0, FIRST);
  const situation = { evidence, hasAttemptLeft: calls.length < MAX_ATTEMPTS };
  const able = allowed.find(
    (model) =>
      isHealthy(model, observation, situation) &&
      (first.includes(model) ||
        (!isResting(model, observation.startedAt, evidence) &&
          hasJustAnswered(model, observation, evidence))),
  );
  if (able === undefined) return undefined;
  const asked = calls.map(({ model, fault }) => `${model} ${fault ?? 'ok'}`).join(', ');
  return breach('1 rescue', observation, `${able} was able and healthy; asked ${asked}`);
};

/** The last one asked spoke of the request; or its fault stands in bytes that pass untouched. */
function isVerdict({ request }: Observation, calls: readonly SimulatedCall[]): boolean {
  const last = calls.at(-1);
  if (last?.fault === undefined) return false;
  const isNative = request.isStream && last.wire === request.dialect.wire;
  return VERDICTS.includes(last.fault) || (isNative && UNTOUCHED_FAULTS.includes(last.fault));
}

/** A stream that broke behind its beginning, where no other model says the same. */
function isBeyondHelp({ request, heard }: Observation): boolean {
  const hasBegun = request.isStream && heard?.text !== undefined && heard.text !== '';
  return hasBegun && request.says === undefined && heard.error !== undefined;
}

/** Whether nothing was wrong with a model, or nothing that a further attempt does not help against. */
function isHealthy(model: string, { startedAt, endedAt }: Observation, situation: Situation) {
  const { evidence, hasAttemptLeft } = situation;
  const around = { from: startedAt - SLACK_MS, to: endedAt + SLACK_MS };
  return evidence.spells
    .filter(({ from, to }) => from <= around.to && to >= around.from)
    .flatMap(({ troubles }) => troubles)
    .filter((trouble) => trouble.model === model)
    .every(({ fault, keyTail }) => {
      const hasGoodKey = keyTail !== undefined && !COUNTED_KEY_FAULTS.includes(fault);
      return ODD_ANSWERS.includes(fault) || (hasGoodKey && hasAttemptLeft);
    });
}

type Situation = { readonly evidence: Evidence; readonly hasAttemptLeft: boolean };

/** As its own isolate saw it: nobody else's answers are known there. */
function hasJustAnswered(id: string, observation: Observation, evidence: Evidence): boolean {
  const { startedAt } = observation;
  const nonces = new Set(before(observation, evidence).map(({ request }) => request.nonce));
  return evidence.calls.some(({ nonce = '', model, fault, status, endedAt = Infinity }) => {
    const isGood = status === 200 && (fault === undefined || ODD_ANSWERS.includes(fault));
    const isRecent = endedAt <= startedAt && endedAt >= startedAt - RECENT_MS;
    return isGood && isOf(id, model) && isRecent && nonces.has(nonce);
  });
}

/** What its isolate was asked before, since it was last killed. */
function before(
  { isolate, startedAt }: Observation,
  { observations, kills }: Evidence,
): readonly Observation[] {
  const bornAt = Math.max(0, ...kills.map(({ to }) => to).filter((to) => to <= startedAt));
  return observations.filter((earlier) => {
    const isOfLife = earlier.startedAt >= bornAt && earlier.startedAt < startedAt;
    return earlier.isolate === isolate && isOfLife;
  });
}

/** Whether a model of the registry is known to its provider by that name. */
function isOf(id: string, upstream: string): boolean {
  return nameOf(id) === upstream;
}

const checkDeadline: Check = (observation, _calls, evidence) => {
  const tookMs = observation.endedAt - observation.startedAt;
  if (!isPlain(observation, evidence)) return undefined;
  if (tookMs <= evidence.deadlineMs + DEADLINE_SLACK_MS) return undefined;
  return breach('1 deadline', observation, `it took ${tookMs} ms`);
};

const checkAllowed: Check = (observation, calls) => {
  const { allowed } = observation.request;
  const stray = calls.find(({ model }) => !allowed.some((id) => isOf(id, model)));
  return stray && breach('2 allowed set', observation, `${stray.model} was asked`);
};

const checkText: Check = (observation, calls) => {
  const { request, heard, status } = observation;
  if (heard?.text === undefined || status !== 200) return undefined;
  const { text, isWhole } = heard;
  const { says } = request;
  // A refusal, or an answer that says nothing, is passed on as it is.
  if (text === '' && calls.some(({ fault }) => SAYS_NOTHING.includes(fault ?? '')))
    return undefined;
  const isRight =
    says === undefined
      ? isOneModels(text, isWhole)
      : says.startsWith(text) && (!isWhole || text === says);
  return isRight ? undefined : breach('4 mixed bytes', observation, `"${text.slice(0, 200)}"`);
};

const SAYS_NOTHING = ['F36', 'F59'];

const OWN_TEXT =
  /^This is \S+, simulated\. You asked: "[^"]*" Every answer here is made up, but the format is real\.$/;
const MODELS = /This is (\S+), simulated/g;

function isOneModels(text: string, isWhole: boolean): boolean {
  const models = new Set(Array.from(text.matchAll(MODELS), ([, model]) => model));
  return models.size <= 1 && (!isWhole || OWN_TEXT.test(text));
}

const checkEnd: Check = (observation, _calls, evidence) => {
  const { request, status, heard } = observation;
  if (!isPlain(observation, evidence)) return undefined;
  if (status === undefined) return breach('4 broken off', observation, 'the connection broke');
  if (!request.isStream || status !== 200) return undefined;
  if (heard !== undefined && (heard.isWhole || heard.error !== undefined)) return undefined;
  return breach('4 silent truncation', observation, 'neither a terminal event nor an error frame');
};

/** What is no event of the dialect breaks a client; only bytes that pass untouched may hold it. */
const checkEvents: Check = (observation, calls, evidence) => {
  const { broken, status } = observation;
  if (broken === 0 || status === undefined) return undefined;
  const isExcused = calls.some((call) => {
    const { fault = '' } = call;
    if (fault === UNREADABLE) return !isForewarned(observation, call, evidence);
    return UNTOUCHED_FAULTS.includes(fault);
  });
  return isExcused
    ? undefined
    : breach('4 broken event', observation, `${broken} events are no JSON`);
};

/** An event in the middle of a stream; after a model's first, its isolate takes them out (F56). */
const UNREADABLE = 'F56:event';
/** So long it does. */
const DOUBT_MS = 3_600_000;

/** Whether its isolate had relayed such a stream of the model before, and was not killed since. */
function isForewarned(
  observation: Observation,
  { model }: SimulatedCall,
  evidence: Evidence,
): boolean {
  const { startedAt } = observation;
  return before(observation, evidence)
    .filter((earlier) => earlier.request.isStream && isServed(earlier))
    .filter(({ endedAt }) => endedAt < startedAt && endedAt >= startedAt - DOUBT_MS)
    .some(({ request: { nonce } }) =>
      evidence.calls.some(
        (call) => call.nonce === nonce && call.model === model && call.fault === UNREADABLE,
      ),
    );
}

const checkCanary: Check = (observation, _calls, { canary }) => {
  const { raw, headers } = observation;
  const leaked = raw.includes(canary) || JSON.stringify(headers).includes(canary);
  return leaked ? breach('5 canary', observation, raw.slice(0, 300)) : undefined;
};

const checkLeaving: Check = (observation, calls, { unnoticedMs }) => {
  if (observation.request.leavesAfterMs === undefined) return undefined;
  const leftAt = observation.startedAt + observation.request.leavesAfterMs;
  const late = calls.find(({ startedAt, endedAt, clientLeftAt, fault = '' }) => {
    const patienceMs = LEAVING_MS + SLACK_MS + (SILENT_FAULTS.includes(fault) ? unnoticedMs : 0);
    const closedAt = clientLeftAt ?? endedAt ?? Number.POSITIVE_INFINITY;
    return closedAt > Math.max(leftAt, startedAt) + patienceMs;
  });
  return late && breach('7 leaving', observation, `${late.model} ${late.fault} stayed open`);
};

/** What a caller did wrong is its own: a provider that says so is the last one asked. */
const checkCaller: Check = (observation, calls, evidence) => {
  const { request, status } = observation;
  const { callerFault, refusal, hedges } = request;
  if (callerFault === undefined || refusal !== undefined) return undefined;
  if (!isUndisturbed(observation, evidence)) return undefined;
  const isRefused = status !== undefined && status >= 400 && status < 500;
  const verdicts = calls.filter(({ fault }) => fault === callerFault).length;
  if ((isRefused && verdicts <= (hedges ? 2 : 1)) || status === 503) return undefined;
  return breach(
    '8 caller fault',
    observation,
    `${callerFault}: ${verdicts} of ${calls.length} calls`,
  );
};

/** Nobody left, and no isolate was killed. */
function isUndisturbed(observation: Observation, evidence: Evidence): boolean {
  return observation.request.leavesAfterMs === undefined && !wasKilled(observation, evidence);
}

const checkRefusal: Check = (observation, calls, evidence) => {
  const { request, status } = observation;
  if (request.refusal === undefined) return undefined;
  if (calls.length > 0)
    return breach('8 refusal', observation, `${request.refusal} cost ${calls.length} calls`);
  if (!isUndisturbed(observation, evidence) || status === 400 || status === 422) return undefined;
  return breach('8 refusal', observation, `${request.refusal} was not refused`);
};

const checkAttempts: Check = (observation, calls) =>
  calls.length > MAX_ATTEMPTS
    ? breach('attempts', observation, `${calls.length} calls`)
    : undefined;

const CHECKS: readonly Check[] = [
  checkRescue,
  checkDeadline,
  checkAllowed,
  checkText,
  checkEnd,
  checkEvents,
  checkCanary,
  checkLeaving,
  checkCaller,
  checkRefusal,
  checkAttempts,
];
