import type { Attempt, AttemptOutcome } from '../domain/attempt.ts';
import type { Candidate } from '../domain/decision.ts';
import type { Warning } from '../domain/dialect.ts';
import { TransportError } from '../domain/errors.ts';
import { type AttemptFailure, REACTIONS } from '../domain/failure.ts';
import type { RoutableModel } from '../domain/model.ts';
import type {
  Clock,
  ModelCall,
  Permit,
  ProviderAdapter,
  StreamDecoder,
  Transport,
  WireReply,
} from '../domain/ports.ts';
import type { ModelResponse, Usage } from '../domain/response.ts';
import { commitStream, type HeldStream } from './commit-stream.ts';
import { EMPTY_ANSWER, isEmpty } from './empty-answer.ts';
import { type AttemptGuard, CANCELLED } from './guard.ts';
import { readBody } from './read-body.ts';

/** A larger whole answer is a fault, not an answer (fault catalogue F40). */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** Enough of an error answer to classify it. */
const MAX_ERROR_BYTES = 16 * 1024;

/** One call to one candidate, ready to go. */
export type AttemptOrder = {
  readonly number: number;
  readonly candidate: Candidate;
  readonly model: RoutableModel;
  readonly adapter: ProviderAdapter;
  readonly call: ModelCall;
  readonly permit: Permit;
  readonly guard: AttemptGuard;
  /** An attempt without content until then is given up, and why. */
  readonly firstContent: { readonly limitMs: number; readonly failure: AttemptFailure };
  /** An attempt without content until then is told of as slow, in milliseconds. */
  readonly slowMarkMs: number;
  /** Whether an answer that says nothing will do: nobody is left who might say more. */
  readonly takesEmpty: boolean;
};

/** What an attempt comes to. A stream is still open: its record is closed when it ends. */
export type AttemptResult =
  | { readonly type: 'failed'; readonly attempt: Attempt; readonly failure: AttemptFailure }
  | {
      readonly type: 'answer';
      readonly model: RoutableModel;
      readonly attempt: Attempt;
      readonly response: ModelResponse;
      /** The provider's own text. */
      readonly body: string;
    }
  | { readonly type: 'stream'; readonly stream: OpenStream };

export type WholeAnswer = Extract<AttemptResult, { readonly type: 'answer' }>;

/** An attempt that somebody can be answered with. */
export type Answered = Exclude<AttemptResult, { readonly type: 'failed' }>;

/** An answer whose first content is there, and whose rest is to be relayed. */
export type OpenStream = {
  readonly order: AttemptOrder;
  readonly held: HeldStream;
  readonly decoder: StreamDecoder;
  readonly warnings: readonly Warning[];
  readonly status: number;
  readonly startedAt: number;
  readonly firstContentMs: number;
};

export type AttemptPorts = { readonly transport: Transport; readonly clock: Clock };

/** Makes the call. Answers its permit, whatever happens, and never throws. */
export async function attempt(order: AttemptOrder, ports: AttemptPorts): Promise<AttemptResult> {
  const { adapter, call, guard, permit } = order;
  const startedAt = ports.clock.now();
  const endLimit = guard.limit(order.firstContent.limitMs, order.firstContent.failure);
  guard.mark(order.slowMarkMs, () => permit.noteSlow());
  let warnings = warningsOf(order);
  let status: number | undefined;
  const fail = (failure: AttemptFailure, known: Partial<Seen> = {}): AttemptResult => {
    answerPermit(permit, failure);
    guard.close();
    const outcome: AttemptOutcome =
      failure.kind === 'cancel' ? { type: 'cancelled' } : { type: 'failed', failure };
    const seen = { ...NOTHING_SEEN, ...known, status: status ?? failure.status };
    const endedAt = ports.clock.now();
    const closed = closeAttempt({ order, warnings, startedAt, endedAt, outcome, seen });
    return { type: 'failed', attempt: closed, failure };
  };
  try {
    const request = adapter.toRequest(call);
    warnings = [...warnings, ...request.warnings];
    const reply = await ports.transport.send(request, guard.signal);
    status = reply.status;
    if (status < 200 || status > 299) return fail(await readFailure(order, reply));
    const opened = { order, reply, warnings, startedAt, clock: ports.clock };
    const result = call.conversation.stream ? await openStream(opened) : await readAnswer(opened);
    if ('kind' in result) return fail(result);
    // It was waited for by the books alone (F71).
    if (result.type === 'answer' && guard.isDeserted()) return fail(CANCELLED, result.attempt);
    const said = saidBy(result);
    if (!order.takesEmpty && isEmpty(said)) {
      guard.abort(EMPTY_ANSWER);
      return fail(EMPTY_ANSWER, { usage: said.usage });
    }
    permit.succeed();
    endLimit();
    if (result.type === 'answer') guard.close();
    return result;
  } catch (error) {
    return fail(guard.failure() ?? failureOf(error, status));
  }
}

type Opened = {
  readonly order: AttemptOrder;
  readonly reply: WireReply;
  readonly warnings: readonly Warning[];
  readonly startedAt: number;
  readonly clock: Clock;
};

async function readFailure(order: AttemptOrder, reply: WireReply): Promise<AttemptFailure> {
  const limits = { maxBytes: MAX_ERROR_BYTES, signal: order.guard.signal };
  // The status says enough where the body breaks off.
  const { text } = await readBody(reply.body, limits).catch(() => ({ text: '' }));
  return order.adapter.toFailure({ status: reply.status, headers: reply.headers, body: text });
}

async function readAnswer(opened: Opened): Promise<Answered | AttemptFailure> {
  const { order, reply, clock } = opened;
  const limits = { maxBytes: MAX_ANSWER_BYTES, signal: order.guard.signal };
  const body = await readBody(reply.body, limits);
  if (!body.isWhole) return TOO_LARGE;
  const response = order.adapter.fromResponse(body.text, order.call);
  if ('kind' in response) return response;
  const endedAt = clock.now();
  const closed = closeAttempt({
    ...opened,
    endedAt,
    outcome: { type: 'answered', finishReason: response.finishReason },
    seen: {
      ...response,
      status: reply.status,
      firstContentMs: endedAt - opened.startedAt,
      outputCharacters: charactersOf(response),
    },
  });
  return { type: 'answer', model: order.model, attempt: closed, response, body: body.text };
}

async function openStream(opened: Opened): Promise<Answered | AttemptFailure> {
  const { order, reply, warnings, startedAt, clock } = opened;
  if (reply.body === null) return TOO_LARGE;
  const decoder = order.adapter.openStream(order.call);
  const showsReasoning = order.call.conversation.reasoning?.visible === true;
  const { signal } = order.guard;
  const held = await commitStream({ body: reply.body, decoder, signal, showsReasoning });
  if ('kind' in held) return held;
  const firstContentMs = clock.now() - startedAt;
  const { status } = reply;
  const stream = { order, held, decoder, warnings, status, startedAt, firstContentMs };
  return { type: 'stream', stream };
}

function saidBy(result: Answered): Parameters<typeof isEmpty>[0] {
  if (result.type === 'stream') return result.stream.held.tally;
  const { finishReason, vectors } = result.response;
  return { ...result.attempt, finishReason, vectors };
}

/** What is known of the answer when its record is closed. */
export type Seen = {
  readonly status: number | undefined;
  readonly firstContentMs: number | undefined;
  readonly upstreamId: string | undefined;
  readonly upstreamModel: string | undefined;
  readonly usage: Usage;
  readonly outputCharacters: number;
};

const NOTHING_SEEN: Seen = {
  status: undefined,
  firstContentMs: undefined,
  upstreamId: undefined,
  upstreamModel: undefined,
  usage: {},
  outputCharacters: 0,
};

type Closing = {
  readonly order: AttemptOrder;
  readonly warnings: readonly Warning[];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: AttemptOutcome;
  readonly seen: Seen;
};

export function closeAttempt(closing: Closing): Attempt {
  const { order, warnings, startedAt, endedAt, outcome, seen } = closing;
  return {
    number: order.number,
    model: order.model.id,
    provider: order.model.provider.id,
    isProbe: order.permit.isProbe,
    startedAt,
    firstContentMs: seen.firstContentMs,
    durationMs: endedAt - startedAt,
    outcome,
    status: seen.status,
    upstreamId: seen.upstreamId,
    upstreamModel: seen.upstreamModel,
    usage: seen.usage,
    outputCharacters: seen.outputCharacters,
    warnings,
  };
}

/** Tells the breaker what the failure says of the model's health; the table knows. */
export function answerPermit(permit: Permit, failure: AttemptFailure): void {
  if (REACTIONS[failure.kind].health === 'model') permit.fail();
  else permit.release();
}

function warningsOf({ adapter, candidate, call }: AttemptOrder): readonly Warning[] {
  const { native } = call.conversation;
  const isTranslated = native !== undefined && native.dialect !== adapter.dialect;
  return [
    ...candidate.unhonored.map((field) => unsupported(field, `is not honored by ${call.model.id}`)),
    ...(isTranslated ? native.untranslatable : []).map((field) =>
      unsupported(field, `was left out: ${call.model.id} speaks another dialect`),
    ),
  ];
}

function unsupported(field: string, fate: string): Warning {
  return { type: 'unsupported', field, message: `${field} ${fate}` };
}

function charactersOf({ content }: ModelResponse): number {
  return content.reduce((sum, part) => {
    if (part.type === 'tool-call') return sum + part.name.length + part.arguments.length;
    return part.type === 'citation' ? sum : sum + part.text.length;
  }, 0);
}

const TOO_LARGE: AttemptFailure = {
  kind: 'malformed',
  code: 'unusable_body',
  message: `the answer has no body, or more than ${MAX_ANSWER_BYTES} bytes`,
  status: 200,
  accepted: 'yes',
};

export function silent(limitMs: number): AttemptFailure {
  return {
    kind: 'slow',
    code: 'no_content_in_time',
    message: `no content within ${limitMs} ms`,
    status: undefined,
    accepted: 'unknown',
  };
}

/** Before the headers a broken connection may be tried again; after them the work was begun. */
function failureOf(error: unknown, status: number | undefined): AttemptFailure {
  if (status === undefined && !(error instanceof TransportError)) return OUR_FAULT;
  const wasNeverSent = error instanceof TransportError && error.wasNeverSent;
  return {
    kind: 'transport',
    code: status === undefined ? 'connection_failed' : 'connection_lost',
    message: status === undefined ? 'the connection failed' : 'the connection broke off',
    status,
    accepted: wasNeverSent ? 'no' : 'unknown',
  };
}

const OUR_FAULT: AttemptFailure = {
  kind: 'self',
  code: 'internal_error',
  message: 'the call could not be prepared',
  status: undefined,
  accepted: 'no',
};
