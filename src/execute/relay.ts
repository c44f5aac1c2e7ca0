import type { Dialect } from '../domain/dialect.ts';
import type { RouterError } from '../domain/errors.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import type { NativeStream } from '../domain/ports.ts';
import { CANCELLED } from './guard.ts';
import type { Desk, Leg, RelayOrder, RelayPorts } from './leg.ts';
import { nativeLeg } from './relay-stream.ts';
import { editedLeg, resumedLeg, translatedLeg } from './rewrite-stream.ts';
import { RUNAWAY } from './runaway.ts';
import { abandonPipe, breakOf, closeStream, endPipe, errorOfBreak } from './stream-end.ts';

export type Relayed = {
  readonly body: ReadableStream<Uint8Array>;
  /** When the last byte has gone or the caller has left: the error it was told of. Never rejects. */
  readonly settled: Promise<RouterError | undefined>;
};

/**
 * Brings a stream to the caller by the cheapest way that gives exactly what was asked for, and asks
 * again where it breaks. It ends with the dialect's terminal event or with an error frame.
 */
export function relayStream(order: RelayOrder, ports: RelayPorts): Relayed {
  const pipe = ports.openPipe();
  const writer = order.caller.openWriter(order.head);
  return { body: pipe.readable, settled: relay({ order, ports, pipe, writer }) };
}

async function relay(desk: Desk): Promise<RouterError | undefined> {
  let leg = firstLeg(desk);
  for (;;) {
    const failure = (await carry(desk, leg)) ?? faultOfCut(leg);
    if (failure === undefined) {
      await endPipe(desk.pipe, desk.order.caller, lastWords(desk, leg));
      return undefined;
    }
    if (failure.kind === 'cancel') {
      abandonPipe(desk.pipe);
      return undefined;
    }
    const next = await nextLeg(desk, leg, failure);
    if (next === undefined) {
      const error = errorOfBreak(failure);
      const text = leg.seam() + desk.writer.fail(error);
      await endPipe(desk.pipe, desk.order.caller, text);
      return error;
    }
    leg = next;
  }
}

function firstLeg(desk: Desk): Leg {
  const { order, ports } = desk;
  const { adapter, model } = order.stream.order;
  // Bytes in another form than the dialect's stream cannot pass as they came.
  const isForeign = order.stream.decoder.isForeign === true;
  const stream = isForeign ? 'departs' : adapter.nativeStream(model);
  const way = relayWay(order, adapter.dialect, stream);
  const isDoubtful = order.stream.held.tally.hasBroken || ports.framing.isDoubtful(model.id);
  switch (way === 'native' && isDoubtful ? 'edited' : way) {
    case 'native':
      return nativeLeg(desk);
    case 'edited':
      return editedLeg(desk);
    case 'translated':
      return translatedLeg(desk);
  }
}

export type RelayWay = 'native' | 'edited' | 'translated';

/**
 * `native` wherever nothing has to change; there the official clients throw on an event that cannot be
 * read, so a model that has sent one is `edited` for a while (F56). `edited` takes out such events, and
 * the usage that a caller did not ask for, or puts in the cost that it did. `translated` writes every
 * event anew.
 */
export function relayWay(
  { caller }: Pick<RelayOrder, 'caller'>,
  dialect: Dialect | undefined,
  stream: NativeStream,
): RelayWay {
  if (dialect !== caller.dialect || stream === 'departs') return 'translated';
  if (caller.wantsCost || (stream === 'extra-usage' && !caller.wantsUsage)) return 'edited';
  return 'native';
}

/** Brings one provider's stream to its end and closes its record. */
async function carry({ order, ports }: Desk, leg: Leg): Promise<AttemptFailure | undefined> {
  try {
    await leg.pass();
  } catch {
    // The caller left while something was written to it.
    leg.stream.order.guard.abort(CANCELLED);
  }
  const { held, order: attempt } = leg.stream;
  if (held.tally.hasBroken) ports.framing.noteBroken(attempt.model.id);
  const failure = breakOf(leg.stream);
  order.sequel.keep(closeStream(leg.stream, ports.clock.now()));
  return failure;
}

/** An answer that was cut ends with words of ours, unless nothing can be said behind it any more. */
function faultOfCut(leg: Leg): AttemptFailure | undefined {
  const canEnd = !leg.stream.held.tally.isCut || leg.handOver();
  return canEnd ? undefined : RUNAWAY;
}

function lastWords({ order, writer }: Desk, leg: Leg): string {
  const { isCut, finishReason } = leg.stream.held.tally;
  if (!isCut || finishReason === undefined) return leg.whole();
  const finish = writer.write({ type: 'finish', reason: finishReason });
  return finish + writer.finish(order.billOf(leg.stream));
}

/** Another answer that goes on where this one broke, if there is one. */
async function nextLeg(desk: Desk, leg: Leg, failure: AttemptFailure): Promise<Leg | undefined> {
  if (failure.kind !== 'mid-stream' || !leg.handOver()) return undefined;
  const { held, order } = leg.stream;
  const passed = held.tally.passed.segments;
  const resumption = await desk.order.sequel.resume({ model: order.model.id, failure, passed });
  return resumption && resumedLeg(desk, resumption);
}
