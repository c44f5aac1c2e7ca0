import type { SimulatedCall } from '../simulator/calls.ts';
import type { BreakerEvent } from './simulated-objects.ts';
import type { Observation } from './traffic.ts';
import type { Trouble } from './weather.ts';

/** One line of the router's books; `open` where nobody has closed it. */
export type BookedLine = {
  readonly request_id: string;
  readonly number: number;
  readonly model: string;
  readonly outcome: string;
};

/** A time from and to, in epoch milliseconds. */
export type Span = { readonly from: number; readonly to: number };

/** What was wrong, and when. */
export type Spell = Span & { readonly troubles: readonly Trouble[] };

/** Everything that a run brought to light. */
export type Evidence = {
  readonly observations: readonly Observation[];
  readonly spells: readonly Spell[];
  /** When isolates were killed: what ran then may break. */
  readonly kills: readonly Span[];
  readonly calls: readonly SimulatedCall[];
  readonly lines: readonly BookedLine[];
  readonly logs: readonly string[];
  /** What every request was given, in milliseconds. */
  readonly deadlineMs: number;
  /** In the providers' error texts. */
  readonly canary: string;
  /** What was decided for requests that failed, best first, by nonce. */
  readonly candidatesByNonce: ReadonlyMap<string, readonly string[]>;
  /** What became of the breakers; only simulated objects tell. */
  readonly breakerEvents: readonly BreakerEvent[];
};

/** Whether the caller got what it asked for. */
export function isServed({ status, heard }: Observation): boolean {
  return status === 200 && heard !== undefined && heard.isWhole && heard.error === undefined;
}

/** Whether its isolate was killed while it ran. */
export function wasKilled({ startedAt, endedAt }: Observation, { kills }: Evidence): boolean {
  return kills.some(({ from, to }) => startedAt <= to && endedAt >= from);
}

/** Whether nothing but the weather decided over a request. */
export function isPlain(observation: Observation, evidence: Evidence): boolean {
  const { leavesAfterMs, callerFault, refusal } = observation.request;
  const isOwnDoing =
    leavesAfterMs !== undefined || callerFault !== undefined || refusal !== undefined;
  return !isOwnDoing && !wasKilled(observation, evidence);
}
