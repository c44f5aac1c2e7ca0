import type { Piece, SimulatedWire, Telling } from './wire.ts';

/** How a call is answered: what goes over the connection, and how it ends. */
export type Reply = {
  /** Before the headers, in milliseconds. */
  readonly waitMs: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: readonly Piece[];
  /** Between headers and the first content, in milliseconds. */
  readonly firstMs: number;
  /** Between two pieces, in milliseconds. */
  readonly gapMs: number;
  /**
   * `end`: as it should. `cut`: the connection breaks behind the last piece. `stall`: nothing more
   * comes and the connection stays open. `reset`: it breaks before the headers.
   */
  readonly ending: 'end' | 'cut' | 'stall' | 'reset';
};

/** What a fault knows of the call that it spoils. */
export type Scene = {
  readonly wire: SimulatedWire;
  readonly telling: Telling;
  readonly settings: FaultSettings;
};

/** Numbers of a fault; each fault names those that it reads. */
export type FaultSettings = {
  /** `null` sends no hint. */
  readonly retryAfterSeconds?: number | null;
  readonly ms?: number;
  /** The share of the pieces that still comes, 0 to 1. */
  readonly share?: number;
  readonly status?: number;
  readonly bytes?: number;
  /** The connection stays open behind what comes. */
  readonly staysOpen?: boolean;
  /** A secret that the error text holds: nothing of it may ever reach a caller. */
  readonly canary?: string;
};

export type Pace = { readonly firstMs: number; readonly gapMs: number };

/** The good answer of a wire, whole or streamed. */
export function goodReply({ wire, telling }: Omit<Scene, 'settings'>, pace: Pace): Reply {
  if (!telling.prompt.isStream) {
    return { ...jsonReply(200, wire.whole(telling)), waitMs: pace.firstMs };
  }
  return {
    ...pace,
    waitMs: 0,
    status: 200,
    headers: { 'content-type': wire.streamType, 'cache-control': 'no-cache' },
    pieces: wire.stream(telling),
    ending: 'end',
  };
}

export function jsonReply(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return textReply(status, JSON.stringify(body), {
    'content-type': 'application/json',
    ...headers,
  });
}

export function textReply(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): Reply {
  const pieces: readonly Piece[] = text === '' ? [] : [{ role: 'content', bytes: text }];
  return { waitMs: 0, status, headers, pieces, firstMs: 0, gapMs: 0, ending: 'end' };
}
