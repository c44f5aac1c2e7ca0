import type { BreakerState } from '../../src/domain/breaker.ts';
import type { SimulatedCall } from '../simulator/calls.ts';
import type { ChaosDialect, Heard } from './dialects.ts';

/** One request, before it is sent. */
export type ChaosRequest = {
  readonly nonce: string;
  readonly dialect: ChaosDialect;
  /** `auto`, the cheapest of all, or the one that gives vectors. */
  readonly model: string;
  readonly isStream: boolean;
  /** The text that every model gives; undefined where each model gives its own. */
  readonly says: string | undefined;
  /** A fault that the prompt itself brings about. */
  readonly callerFault: string | undefined;
  /** Asks for what the router itself must refuse. */
  readonly refusal: string | undefined;
  /** Leaves after so many milliseconds. */
  readonly leavesAfterMs: number | undefined;
  /** The ids of the models that may be asked. */
  readonly allowed: readonly string[];
  readonly isRegulated: boolean;
  readonly hedges: boolean;
};

export type Observation = {
  readonly request: ChaosRequest;
  /** Its place in the fleet, from 0. */
  readonly isolate: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Undefined where the connection broke: its isolate was killed, or the caller left. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly heard: Heard | undefined;
  /** Events that were not JSON. */
  readonly broken: number;
  readonly raw: string;
};

/** What is wrong with one model for a while. */
export type Trouble = {
  /** Its id in the registry. */
  readonly model: string;
  readonly fault: string;
  /** 0 to 1. */
  readonly probability: number;
  /** Only calls with this key, where another key is good. */
  readonly keyTail: string | undefined;
};

/** A change of a breaker's state, or a probe that was leased. */
export type BreakerEvent = {
  readonly at: number;
  readonly model: string;
  readonly state: BreakerState;
  readonly isLease: boolean;
};

/** One breach of an invariant of fault catalogue §4; its number stands first. */
export type Breach = { readonly invariant: string; readonly what: string };

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
  /** When the Durable Objects could not be reached: isolates went by what they saw themselves. */
  readonly away: readonly Span[];
  /** How long a caller's leaving may go unnoticed while a provider says nothing, in milliseconds. */
  readonly unnoticedMs: number;
  /** What every request was given, in milliseconds. */
  readonly deadlineMs: number;
  /** In the providers' error texts. */
  readonly canary: string;
  /** What was decided for requests that failed, best first, by nonce. */
  readonly candidatesByNonce: ReadonlyMap<string, readonly string[]>;
  /** What became of the fleet's breakers. */
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
