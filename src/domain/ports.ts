import type { BreakerState } from './breaker.ts';
import type { Conversation } from './conversation.ts';
import type { Dialect, Warning } from './dialect.ts';
import type { RouterError } from './errors.ts';
import type { AttemptFailure } from './failure.ts';
import type { CostPoints, Ledger } from './ledger.ts';
import type { Framing, Latencies, Retries, TokenRatios } from './measures.ts';
import type { ModelId, Parameter, RoutableModel, Wire } from './model.ts';
import type { NanoUsd } from './money.ts';
import type { Registry, RegistryState } from './registry.ts';
import type { ModelResponse, ModelStreamPart, Usage } from './response.ts';
import type { TelemetryEvent } from './telemetry.ts';

/** All model entries, from the isolate's memory; refreshed behind the requests. */
export interface ModelRegistry {
  /** Resolves at once but for the isolate's first request. Never rejects. */
  ready(): Promise<void>;
  /** The registry in force. Call after `ready()`. */
  current(): Registry;
  /** For `/health`: where it came from and what is wrong with the newest document. */
  state(): RegistryState;
}

export type BreakerHealth = {
  readonly state: BreakerState;
  /** Whether a request may go now: always when closed, as the leased probe when half-open. */
  readonly isPassable: boolean;
  /** When asking again makes sense; 0 when it is passable. */
  readonly retryInMs: number;
};

/** Leave for one attempt. Answered exactly once; a second answer is ignored. */
export interface Permit {
  readonly isProbe: boolean;
  /**
   * It takes much longer than usual: counted as a failure now, so that a model that hangs is known
   * before its calls end, and not again when this one fails. An answer that comes after all counts
   * as a success. Says nothing of a probe.
   */
  noteSlow(): void;
  /** The first good content has arrived. */
  succeed(): void;
  /** A failure that counts against the model. */
  fail(): void;
  /** It said nothing of the model's health: the caller's fault, a cancelled call, a limit of a key. */
  release(): void;
}

/** The breakers as this isolate sees them. No method but `consult` and `states` waits for anything. */
export interface Breakers {
  health(model: ModelId): BreakerHealth;
  /** Undefined when the breaker is open, or its probe is out. */
  acquire(model: ModelId): Permit | undefined;
  /** Whether the model's last call here was good, and ended within the last 30 s. */
  hasJustAnswered(model: ModelId): boolean;
  /** A failure behind the first content of a stream, whose permit was answered by then. */
  recordFailure(model: ModelId): void;
  /** Asks the objects, when no candidate is passable. At most 300 ms, then fails open. */
  consult(models: readonly ModelId[]): Promise<void>;
  /** The objects' own word, for `/v1/status`; this isolate's view where one cannot be reached. */
  states(models: readonly ModelId[]): Promise<readonly BreakerStatus[]>;
}

export type BreakerStatus = {
  readonly model: ModelId;
  readonly state: BreakerState;
  readonly failuresInRow: number;
  readonly retryInMs: number;
  /** False when the object could not be reached. */
  readonly isFromObject: boolean;
};

/** The providers' hosts as this isolate sees them, derived from what their models do. */
export interface Hosts {
  health(provider: string): BreakerHealth;
  /** Leave for one call; false while the host rests or its probe is out. */
  pass(provider: string): boolean;
  /** What came of a call: an answer, or a failure that counts against its model. */
  note(model: RoutableModel, outcome: 'answered' | AttemptFailure): void;
}

/** The provider keys of this Worker, and which of them must rest. */
export interface ProviderKeys {
  /** A key that may be used for the model now. `none`: no secret is set. */
  pick(model: RoutableModel): ProviderKey | 'none' | 'held';
  /** Rests a key for one model, or for all of its provider's when `model` is undefined. */
  hold(key: ProviderKey, holdMs: number, model: ModelId | undefined): void;
  /** The provider has taken the key. */
  accept(key: ProviderKey): void;
  /** The provider does not know the key: how often in a row by now. */
  reject(key: ProviderKey): number;
  /** When the first held key of the model is free again; 0 when one is free. */
  freeInMs(model: RoutableModel): number;
}

export type ProviderKey = {
  /** The secret's name and the place in its list; never the value. */
  readonly id: string;
  /** Undefined for a provider that needs no key. */
  readonly value: string | undefined;
};

/** A call to a provider, ready to be sent. */
export type WireRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly warnings: readonly Warning[];
  /** Where the provider wants the call signed: the transport does it, as the signature holds the time. */
  readonly signature?: RequestSignature;
};

/** What a call is to be signed with; the secret part of the key never goes over the wire. */
export type RequestSignature = {
  readonly scheme: 'aws-v4';
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken: string | undefined;
};

export type WireReply = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
};

/** The only outbound call. @throws TransportError when no answer came, or the signal aborted. */
export interface Transport {
  send(request: WireRequest, signal: AbortSignal): Promise<WireReply>;
}

/** What an adapter translates: the conversation, for one model. */
export type ModelCall = {
  readonly conversation: Conversation;
  readonly model: RoutableModel;
  readonly apiKey: string | undefined;
  /** What the answer may have at the most; undefined leaves it to the provider. */
  readonly maxOutputTokens: number | undefined;
  /** The most that the model can give behind this input, for providers that must be told a limit. */
  readonly outputRoomTokens: number;
  /** Settings of the conversation that the model does not honor: they are left out. */
  readonly unhonored: ReadonlySet<Parameter>;
};

/** An error answer: the body is cut to a few kilobytes before anybody looks at it. */
export type FailureReply = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
};

/** One event of a provider's stream: as it came, and what it says. */
export type StreamEvent = {
  /** The SSE event name; undefined where the wire has none. */
  readonly name: string | undefined;
  readonly data: string;
  readonly parts: readonly ModelStreamPart[];
  /** True when its data could not be read; nobody gets to see it. */
  readonly isBroken: boolean;
};

/** Bytes of a streamed answer → events. Any split of the bytes gives the same events. */
export interface StreamDecoder {
  /** True once the bytes turned out not to be a stream of the wire: only the parts can be relayed. */
  readonly isForeign?: boolean;
  push(bytes: Uint8Array): readonly StreamEvent[];
  /** The body has ended: what was still held back. */
  end(): readonly StreamEvent[];
}

/** Translates for one wire. Performs no I/O. */
export interface ProviderAdapter {
  /** The callers' dialect that this wire is; undefined when it is nobody's. */
  readonly dialect: Dialect | undefined;
  /** How a stream of this model may reach a caller of the same dialect. */
  nativeStream(model: RoutableModel): NativeStream;
  toRequest(call: ModelCall): WireRequest;
  /** A reply of status 2xx; some faults come as 200. */
  fromResponse(body: string, call: ModelCall): ModelResponse | AttemptFailure;
  openStream(call: ModelCall): StreamDecoder;
  toFailure(reply: FailureReply): AttemptFailure;
}

/**
 * `untouched`: the bytes are the dialect. `extra-usage`: they are, but usage comes as an extra event
 * that a caller who did not ask for it must not see. `departs`: the vendor's events must be rewritten.
 */
export type NativeStream = 'untouched' | 'extra-usage' | 'departs';

/** What is known of an answer when its first byte goes out. */
export type AnswerHead = {
  readonly requestId: string;
  readonly model: ModelId;
  readonly createdAt: number;
  readonly warnings: readonly Warning[];
};

export type AnswerBill = {
  readonly usage: Usage;
  readonly usageIsEstimated: boolean;
  readonly costNanoUsd: NanoUsd | undefined;
};

/** Writes one stream in the caller's dialect. Implemented beside each dialect. */
export interface StreamWriter {
  /** Text of the events for one part; empty when the dialect has none. */
  write(part: ModelStreamPart): string;
  /** The last events of a complete answer, with its bill. */
  finish(bill: AnswerBill): string;
  /** What may follow an answer that passed as it came: its terminal event where that is missing. */
  finishNative(bill: AnswerBill, hasTerminalEvent: boolean): string;
  /** An error frame that makes the official clients throw. */
  fail(error: RouterError): string;
  /** Ends an event that passed as it came and was cut, unread by clients; a blank line by default. */
  readonly seam?: string;
  /**
   * The answer so far passed as it came, and `write` was told its parts: whether the writer can go on
   * from there, by the last of its events. It always can where this is missing.
   */
  goOnBehind?(last: readonly StreamEvent[]): boolean;
}

/** How the caller wants a stream. */
export type Caller = {
  readonly dialect: Dialect;
  /** Whether usage was asked for in the stream. */
  readonly wantsUsage: boolean;
  /** Whether the cost was asked for in the stream. */
  readonly wantsCost: boolean;
  readonly signal: AbortSignal;
  openWriter(head: AnswerHead): StreamWriter;
  /**
   * The text of one event of a stream that already is in the caller's dialect, with what the caller
   * did not ask for taken out and what it asked for put in. `bill` is there once usage is known.
   */
  editEvent(event: StreamEvent, bill: AnswerBill | undefined): string;
};

/** Two ends of a pipe that the runtime moves bytes through without waking JavaScript. */
export interface Pipe {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** Structured events; never the text of a prompt or an answer. */
export interface Telemetry {
  emit(event: TelemetryEvent): void;
}

/** Everything that the router reaches the world through. */
export interface RouterPorts {
  readonly registry: ModelRegistry;
  readonly breakers: Breakers;
  readonly hosts: Hosts;
  readonly keys: ProviderKeys;
  readonly latencies: Latencies;
  readonly retries: Retries;
  readonly tokenRatios: TokenRatios;
  readonly framing: Framing;
  readonly transport: Transport;
  readonly ledger: Ledger;
  readonly points: CostPoints;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly random: Random;
  readonly background: Background;
  adapterOf(wire: Wire): ProviderAdapter;
  openPipe(): Pipe;
}

export interface Clock {
  /** Epoch milliseconds. Stands still between I/O on Workers: measure across I/O only. */
  now(): number;
  /** Resolves after the time, or early (never rejects) when the signal aborts. */
  wait(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** 0 to 1, 1 excluded. */
  ratio(): number;
  /** An id of 128 random bits, URL-safe. */
  id(): string;
}

/** Keeps work alive after the answer: at most 30 s on Workers. */
export interface Background {
  run(work: Promise<unknown>): void;
}
