import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/domain/dialect.ts';
import type { NativeStream } from '../../../src/domain/ports.ts';
import { type RelayWay, relayWay } from '../../../src/execute/relay.ts';
import { aCaller } from '../../support/fakes.ts';

type Row = readonly [
  way: RelayWay,
  callers: Dialect,
  providers: Dialect | undefined,
  stream: NativeStream,
  wants: 'nothing' | 'usage' | 'cost',
];

const ROWS: readonly Row[] = [
  ['native', 'openai-chat', 'openai-chat', 'untouched', 'nothing'],
  ['native', 'openai-chat', 'openai-chat', 'untouched', 'usage'],
  ['edited', 'openai-chat', 'openai-chat', 'untouched', 'cost'],
  ['edited', 'openai-chat', 'openai-chat', 'extra-usage', 'nothing'],
  ['native', 'openai-chat', 'openai-chat', 'extra-usage', 'usage'],
  ['edited', 'openai-chat', 'openai-chat', 'extra-usage', 'cost'],
  ['translated', 'openai-chat', 'openai-chat', 'departs', 'usage'],
  ['native', 'anthropic-messages', 'anthropic-messages', 'untouched', 'usage'],
  ['translated', 'openai-chat', 'anthropic-messages', 'untouched', 'nothing'],
  ['translated', 'openai-chat', undefined, 'departs', 'nothing'],
];

describe('relayWay', () => {
  it.each(ROWS)(
    'is %s for a caller of %s, a provider of %s whose stream is %s, and %s wanted',
    (...row) => {
      const [way, dialect, providers, stream, wants] = row;
      const caller = aCaller({
        dialect,
        wantsUsage: wants !== 'nothing',
        wantsCost: wants === 'cost',
      });

      expect(relayWay({ caller }, providers, stream)).toBe(way);
    },
  );
});
