import type { Dialect } from '../domain/dialect.ts';
import type { NativeStream } from '../domain/ports.ts';
import { relayNative } from './relay-stream.ts';
import { relayEdited, relayTranslated } from './rewrite-stream.ts';
import type { Relayed, RelayOrder, RelayPorts } from './stream-end.ts';

/** Brings a stream to the caller by the cheapest way that gives exactly what was asked for. */
export function relayStream(order: RelayOrder, ports: RelayPorts): Relayed {
  const { adapter, model } = order.stream.order;
  // Bytes in another form than the dialect's stream cannot pass as they came.
  const isForeign = order.stream.decoder.isForeign === true;
  const stream = isForeign ? 'departs' : adapter.nativeStream(model);
  switch (relayWay(order, adapter.dialect, stream)) {
    case 'native':
      return relayNative(order, ports);
    case 'edited':
      return relayEdited(order, ports);
    case 'translated':
      return relayTranslated(order, ports);
  }
}

export type RelayWay = 'native' | 'edited' | 'translated';

/**
 * `native` wherever nothing has to change. `edited` takes out the extra usage event that a caller
 * did not ask for, or puts in the cost that it did. `translated` writes every event anew.
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
