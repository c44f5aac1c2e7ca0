import type { Requirement } from '../domain/decision.ts';
import type { RoutingRequest } from '../domain/request.ts';

/** The time limits of one request, in milliseconds. */
export type Limits = {
  /** For the whole request, all attempts and the last byte included. */
  readonly deadlineMs: number;
  /** Until the answer begins, all attempts included: the client waits no longer for its headers. */
  readonly beginMs: number;
  /** For each attempt: until its first content. */
  readonly firstContentMs: number;
  /** The longest gap inside a stream. */
  readonly idleMs: number;
};

/** As long as the official clients wait by default. */
const DEADLINE_MS = 600_000;
const FIRST_TOKEN_MS = { plain: 10_000, reasoning: 60_000 };
/** Nothing is written, but all texts of a request are read before the answer begins. */
const EMBEDDING_MS = 60_000;
const IDLE_MS = { plain: 30_000, reasoning: 120_000 };
/** A whole answer is silent until its last token: slow models write about 20 tokens a second. */
const WRITING_MS_PER_TOKEN = 50;

/** A call is slow when it takes so many times the usual (fault catalogue §1, F91). */
const SLOW_FACTOR = 2;
/** Below this it is the network's noise. */
const LEAST_SLOW_MS = 1000;
/** Models read about 5,000 tokens a second before they answer. */
const READING_MS_PER_TOKEN = 0.2;

/**
 * When an attempt without content counts as slow: twice what its model usually takes, and the time
 * to read this input. Where nothing was measured yet, only the limit itself tells.
 */
export function slowMarkMs(
  { firstContentMs }: Limits,
  usualMs: number | undefined,
  { inputTokens, outputTokens }: { readonly inputTokens: number; readonly outputTokens: number },
): number {
  if (usualMs === undefined) return firstContentMs;
  const readingMs = inputTokens * READING_MS_PER_TOKEN;
  const writingMs = outputTokens * WRITING_MS_PER_TOKEN;
  return Math.max(usualMs * SLOW_FACTOR, LEAST_SLOW_MS) + readingMs + writingMs;
}

/** When a second model is asked beside the first (opt-in): later than nearly all of its answers. */
export function hedgeAfterMs(
  p95Ms: number,
  isStream: boolean,
  { outputRoomTokens }: Requirement,
): number {
  return p95Ms + (isStream ? 0 : outputRoomTokens * WRITING_MS_PER_TOKEN);
}

/** What the caller set, else the usual limits; reasoning takes longer. */
export function limitsOf(request: RoutingRequest, requirement: Requirement): Limits {
  const kind = requirement.abilities.reasoning ? 'reasoning' : 'plain';
  const usualMs = requirement.embedding === undefined ? FIRST_TOKEN_MS[kind] : EMBEDDING_MS;
  const writingMs = requirement.outputRoomTokens * WRITING_MS_PER_TOKEN;
  const isStream = request.conversation?.stream === true;
  const deadlineMs = request.deadlineMs ?? DEADLINE_MS;
  return {
    deadlineMs,
    beginMs: Math.min(deadlineMs, request.beginMs ?? deadlineMs),
    firstContentMs: request.firstTokenMs ?? usualMs + (isStream ? 0 : writingMs),
    idleMs: request.idleMs ?? IDLE_MS[kind],
  };
}
