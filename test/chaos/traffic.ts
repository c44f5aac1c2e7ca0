import type { Clock } from '../../src/domain/ports.ts';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { CHAT_DIALECTS, EMBEDDINGS, eventsOf, type Heard } from './dialects.ts';
import type { ChaosRequest, Observation } from './evidence.ts';
import type { Fleet } from './fleet.ts';
import { CHAT_MODELS, EMBEDDING_MODELS, TAG } from './models.ts';
import { CALLER_FAULTS } from './weather.ts';

export type Limits = {
  readonly firstTokenMs: number;
  readonly idleMs: number;
  readonly deadlineMs: number;
};

/** What no model may be called for, by a field of `routing`. */
const REFUSALS = {
  'unknown-field': { maxCost: 1 },
  'no-window': { maxContextTokens: 10_000_000 },
  'no-tag': { compliance: ['nobody_has_it'] },
};
type Refusal = keyof typeof REFUSALS;

const WORDS = 40;
/** How often a request is of a kind, 0 to 1. */
const SHARES = {
  embedding: 0.06,
  says: 0.8,
  callerFault: 0.04,
  refusal: 0.02,
  leaving: 0.03,
  narrow: 0.15,
  regulated: 0.15,
  hedged: 0.1,
};

/** Requests of all dialects, half of them streams; some leave, some are at fault themselves. */
export function requestOf(random: () => number, at: number, mostLeavingMs: number): ChaosRequest {
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const isOf = (kind: keyof typeof SHARES): boolean => random() < SHARES[kind];
  const isEmbedding = isOf('embedding');
  const nonce = `n${at}-${Math.floor(random() * 1e9).toString(36)}`;
  const isRegulated = isOf('regulated') && !isEmbedding;
  const isNarrow = isOf('narrow');
  const models = isEmbedding ? EMBEDDING_MODELS : CHAT_MODELS;
  const allowed = models
    .filter((_, place) => isEmbedding || !isNarrow || place % 2 === at % 2)
    .filter(({ isApproved }) => !isRegulated || isApproved);
  return {
    nonce,
    dialect: isEmbedding ? EMBEDDINGS : pick(CHAT_DIALECTS),
    model: isEmbedding ? (allowed[0]?.id ?? '') : 'auto',
    isStream: random() < 0.5 && !isEmbedding,
    says: isOf('says') && !isEmbedding ? sayingOf(nonce) : undefined,
    callerFault: isOf('callerFault') ? pick(CALLER_FAULTS) : undefined,
    refusal: isOf('refusal') ? pick(Object.keys(REFUSALS) as Refusal[]) : undefined, // its keys
    leavesAfterMs: isOf('leaving') ? 1 + Math.floor(random() * mostLeavingMs) : undefined,
    allowed: allowed.map(({ id }) => id),
    isRegulated,
    hedges: isOf('hedged'),
  };
}

/** A request with nothing odd about it, for the cheapest of these models that is well. */
export function plainRequestOf(
  random: () => number,
  at: number,
  allowed: readonly string[],
): ChaosRequest {
  const nonce = `n${at}-${Math.floor(random() * 1e9).toString(36)}`;
  const dialect = CHAT_DIALECTS[at % CHAT_DIALECTS.length];
  if (dialect === undefined) throw new Error('there is no dialect');
  return {
    nonce,
    dialect,
    model: 'auto:floor',
    isStream: random() < 0.5,
    says: sayingOf(nonce),
    callerFault: undefined,
    refusal: undefined,
    leavesAfterMs: undefined,
    allowed,
    isRegulated: false,
    hedges: false,
  };
}

function sayingOf(nonce: string): string {
  return Array.from({ length: WORDS }, (_, word) => `${nonce}.${word}`).join(' ');
}

/** Where requests are sent, and how time passes there. */
export type Door = {
  readonly fleet: Pick<Fleet, 'fetch'>;
  readonly clock: Clock;
  readonly limits: Limits;
};

/** Sends a request to one of the isolates and hears its answer to the end. */
export async function send(
  { fleet, clock, limits }: Door,
  isolate: number,
  request: ChaosRequest,
): Promise<Observation> {
  const startedAt = clock.now();
  const leaving = new AbortController();
  const answered = new AbortController();
  void leave(clock, request, { leaving, answered });
  let status: number | undefined;
  let headers: Record<string, string> = {};
  let raw = '';
  try {
    const response = await fleet.fetch(isolate, request.dialect.path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${DEVELOPMENT_KEY}` },
      body: JSON.stringify(bodyOf(request, limits)),
      signal: leaving.signal,
    });
    headers = Object.fromEntries(response.headers);
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    for (;;) {
      const piece = await reader?.read();
      if (piece?.value === undefined) break;
      raw += decoder.decode(piece.value, { stream: true });
    }
    status = response.status;
  } catch {
    // The connection broke; what had come by then stands in `raw`.
  }
  answered.abort();
  const isSse = headers['content-type']?.startsWith('text/event-stream') === true;
  const { events, broken } = isSse ? eventsOf(raw) : { events: [], broken: 0 };
  const heard = isSse ? request.dialect.hearStream(events) : hearWhole(request, raw);
  return { request, isolate, startedAt, endedAt: clock.now(), status, headers, heard, broken, raw };
}

type Leaving = { readonly leaving: AbortController; readonly answered: AbortController };

async function leave(
  clock: Clock,
  { leavesAfterMs }: ChaosRequest,
  { leaving, answered }: Leaving,
): Promise<void> {
  if (leavesAfterMs === undefined) return;
  await clock.wait(leavesAfterMs, answered.signal);
  if (!answered.signal.aborted) leaving.abort(new Error('the caller left'));
}

function bodyOf(request: ChaosRequest, limits: Limits): object {
  const refusal = request.refusal as Refusal | undefined; // requestOf picked it
  const { nonce, says, callerFault, allowed, dialect, isStream } = request;
  const directives = [
    `[[id: ${nonce}]]`,
    ...(says === undefined ? [] : [`[[say: ${says}]]`]),
    ...(callerFault === undefined ? [] : [`[[fault: ${callerFault}]]`]),
  ];
  const prompt = `PROMPT-CANARY ${directives.join(' ')}`;
  return {
    model: request.model,
    ...(dialect !== EMBEDDINGS && { models: allowed }),
    ...dialect.body(prompt, isStream),
    routing: {
      ...limits,
      ...(request.hedges && { hedge: true }),
      ...(request.isRegulated && { compliance: [TAG] }),
      ...(refusal !== undefined && REFUSALS[refusal]),
    },
  };
}

function hearWhole({ dialect }: ChaosRequest, raw: string): Heard | undefined {
  try {
    return dialect.hear(JSON.parse(raw));
  } catch {
    return undefined;
  }
}
