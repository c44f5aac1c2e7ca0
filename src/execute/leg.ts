import type { Framing } from '../domain/measures.ts';
import type { AnswerBill, AnswerHead, Caller, Clock, Pipe, StreamWriter } from '../domain/ports.ts';
import type { OpenStream } from './attempt.ts';
import type { Sequel } from './resume.ts';

/** A stream whose first content is there, to be brought to the caller. */
export type RelayOrder = {
  readonly stream: OpenStream;
  readonly sequel: Sequel;
  readonly caller: Caller;
  readonly head: AnswerHead;
  readonly idleMs: number;
  /** What an answer costs, as far as it has come. */
  readonly billOf: (stream: OpenStream) => AnswerBill;
};

export type RelayPorts = {
  readonly clock: Clock;
  readonly framing: Framing;
  readonly openPipe: () => Pipe;
};

/** What every leg of a relay works with. */
export type Desk = {
  readonly order: RelayOrder;
  readonly ports: RelayPorts;
  readonly pipe: Pipe;
  readonly writer: StreamWriter;
};

/** One provider's stream on its way to the caller: the first, or one that goes on behind a break. */
export type Leg = {
  readonly stream: OpenStream;
  /** Brings what the provider sends; resolves at its end, whole or not. */
  pass(): Promise<void>;
  /** The last words behind a whole answer. */
  whole(): string;
  /** What must stand before anything of ours where it broke. */
  seam(): string;
  /** Makes the writer go on from here; false when what the caller has cannot be gone on from. */
  handOver(): boolean;
};
