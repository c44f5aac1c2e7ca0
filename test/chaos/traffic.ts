import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { type ChaosDialect, DIALECTS, eventsOf, type Heard } from './dialects.ts';

/** One request, before it is sent. */
export type ChaosRequest = {
  readonly nonce: string;
  readonly dialect: ChaosDialect;
  readonly isStream: boolean;
  /** The text that every model gives; undefined where each model gives its own. */
  readonly says: string | undefined;
  /** A fault that the prompt itself brings about. */
  readonly callerFault: string | undefined;
  /** Leaves after so many milliseconds. */
  readonly leavesAfterMs: number | undefined;
  /** The only models that may be asked. */
  readonly allowed: readonly string[] | undefined;
};

export type Observation = {
  readonly request: ChaosRequest;
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

export type Limits = {
  readonly firstTokenMs: number;
  readonly idleMs: number;
  readonly deadlineMs: number;
};

const WORDS = 40;

/** Requests of all dialects, half of them streams; some leave, some are at fault themselves. */
export function requestOf(
  random: () => number,
  at: number,
  models: readonly string[],
): ChaosRequest {
  const dialect = DIALECTS[Math.floor(random() * DIALECTS.length)] ?? DIALECTS[0];
  if (dialect === undefined) throw new Error('there is no dialect');
  const nonce = `n${at}-${Math.floor(random() * 1e9).toString(36)}`;
  const isStream = random() < 0.5;
  const say = Array.from({ length: WORDS }, (_, word) => `${nonce}.${word}`).join(' ');
  return {
    nonce,
    dialect,
    isStream,
    says: random() < 0.8 ? say : undefined,
    callerFault: random() < 0.04 ? pick(random, ['F24', 'F25', 'F26', 'F28']) : undefined,
    leavesAfterMs: random() < 0.03 ? Math.floor(random() * 60) : undefined,
    allowed: random() < 0.15 ? models.filter((_, place) => place % 2 === at % 2) : undefined,
  };
}

function pick(random: () => number, items: readonly string[]): string | undefined {
  return items[Math.floor(random() * items.length)];
}

/** Sends a request and hears its answer to the end. */
export async function send(
  url: string,
  request: ChaosRequest,
  limits: Limits,
): Promise<Observation> {
  const startedAt = Date.now();
  const leaving = new AbortController();
  const timer =
    request.leavesAfterMs === undefined
      ? undefined
      : setTimeout(() => leaving.abort(), request.leavesAfterMs);
  let status: number | undefined;
  let headers: Record<string, string> = {};
  let raw = '';
  try {
    const response = await fetch(url + request.dialect.path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${DEVELOPMENT_KEY}` },
      body: JSON.stringify(bodyOf(request, limits)),
      signal: leaving.signal,
    });
    status = response.status;
    headers = Object.fromEntries(response.headers);
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    for (;;) {
      const piece = await reader?.read();
      if (piece?.value === undefined) break;
      raw += decoder.decode(piece.value, { stream: true });
    }
  } catch {
    status = undefined;
  }
  clearTimeout(timer);
  const isSse = headers['content-type']?.startsWith('text/event-stream') === true;
  const { events, broken } = isSse ? eventsOf(raw) : { events: [], broken: 0 };
  const heard = isSse ? request.dialect.hearStream(events) : hearWhole(request, raw);
  return { request, startedAt, endedAt: Date.now(), status, headers, heard, broken, raw };
}

function bodyOf(request: ChaosRequest, limits: Limits): object {
  const { nonce, says, callerFault, allowed, dialect, isStream } = request;
  const directives = [
    `[[id: ${nonce}]]`,
    ...(says === undefined ? [] : [`[[say: ${says}]]`]),
    ...(callerFault === undefined ? [] : [`[[fault: ${callerFault}]]`]),
  ];
  const prompt = `PROMPT-CANARY ${directives.join(' ')}`;
  return {
    model: 'auto',
    ...(allowed && { models: allowed }),
    ...dialect.body(prompt, isStream),
    routing: limits,
  };
}

function hearWhole({ dialect }: ChaosRequest, raw: string): Heard | undefined {
  try {
    return dialect.hear(JSON.parse(raw));
  } catch {
    return undefined;
  }
}
