import fc from 'fast-check';
import type { Piece, Script } from './fake-transport.ts';
import {
  CHAT_DONE,
  CHAT_ROLE,
  CHAT_STOP,
  CHAT_USAGE,
  chatAnswer,
  chatDelta,
  chatError,
} from './plans.ts';

/** What a provider does with one call, but for the text that it says; plain data, so that it prints. */
export type Fate =
  | { readonly type: 'refuses'; readonly script: Script }
  | { readonly type: 'answers'; readonly way: keyof typeof WAYS; readonly afterMs: number }
  | {
      readonly type: 'streams';
      /** How much of the text it says before its end. */
      readonly letters: number;
      readonly firstMs: number;
      readonly gapMs: number;
      readonly end: keyof typeof ENDS;
    };

const WAYS = {
  well: (text: string) => [chatAnswer(text).body],
  'with a page': () => ['<html>Hello</html>'],
  'with nothing': () => [],
  'with half': (text: string) => [chatAnswer(text).body.slice(0, 30)],
  'with half and breaks': (text: string) => [chatAnswer(text).body.slice(0, 30), 'breaks'],
  'with half and stalls': (text: string) => [chatAnswer(text).body.slice(0, 30), 'never'],
  'with no word': () => [chatAnswer('').body.replace('_tokens":5', '_tokens":0')],
} as const satisfies Readonly<Record<string, (text: string) => readonly Piece[]>>;

const ENDS = {
  well: [CHAT_STOP, CHAT_USAGE, CHAT_DONE],
  'and stays open': [CHAT_STOP, CHAT_USAGE, CHAT_DONE, 'never'],
  'without the last word': [CHAT_STOP, CHAT_USAGE],
  'without the last word and stays open': [CHAT_STOP, 'never'],
  'with the last word alone': [CHAT_DONE],
  'by breaking': ['breaks'],
  'by stalling': ['never'],
  'too early': [],
  'with a fault': ['data: {"error":{"message":"no","code":529}}\n\n'],
  'in the middle of an event': ['data: {"choices":[{"del'],
} as const satisfies Readonly<Record<string, readonly Piece[]>>;

/** The ways and ends of an answer that came to its end. */
const WHOLE: readonly string[] = [
  'well',
  'with no word',
  'and stays open',
  'without the last word',
  'without the last word and stays open',
  'with the last word alone',
];

/** Whether a call with this fate has answered, and nothing of the answer is missing. */
export function isWhole(fate: Fate): boolean {
  switch (fate.type) {
    case 'refuses':
      return false;
    case 'answers':
      return WHOLE.includes(fate.way);
    case 'streams':
      return WHOLE.includes(fate.end);
  }
}

/** The script of a fate, for a provider that says this text. */
export function scriptOf(fate: Fate, text: string): Script {
  switch (fate.type) {
    case 'refuses':
      return fate.script;
    case 'answers':
      return { body: WAYS[fate.way](text), afterMs: fate.afterMs };
    case 'streams': {
      const said = [...text.slice(0, fate.letters)].flatMap((content): Piece[] => [
        chatDelta({ content }),
        { pauseMs: fate.gapMs },
      ]);
      return { body: [CHAT_ROLE, { pauseMs: fate.firstMs }, ...said, ...ENDS[fate.end]] };
    }
  }
}

const STATUSES = [400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504, 529, 302];
const limited = (wait: string): Script => ({
  ...chatError(429),
  headers: { 'retry-after': wait },
});

const refusals: fc.Arbitrary<Fate> = fc.record({
  type: fc.constant('refuses' as const),
  script: fc.oneof(
    fc.constantFrom(...STATUSES).map((status) => chatError(status)),
    fc.constantFrom('0', '1', '2', '30', '86400').map(limited),
    fc.constantFrom<Script>(
      { fails: 'refused', afterMs: 20 },
      { fails: 'reset', afterMs: 20 },
      'silence',
      { status: 503, body: ['{', 'never'] },
    ),
  ),
});

const pauses = fc.constantFrom(0, 0, 50, 900, 12_000);
const answers: fc.Arbitrary<Fate> = fc.record({
  type: fc.constant('answers' as const),
  way: fc.constantFrom<keyof typeof WAYS>('well', 'well', 'well', ...keysOf(WAYS)),
  afterMs: pauses,
});
const streams: fc.Arbitrary<Fate> = fc.record({
  type: fc.constant('streams' as const),
  letters: fc.nat(6),
  firstMs: pauses,
  gapMs: pauses,
  end: fc.constantFrom<keyof typeof ENDS>('well', ...keysOf(ENDS)),
});

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(record) as Key[]; // of the literals above
}

/** The fates of eight calls, more than any request may make. */
export function someFates(isStream: boolean): fc.Arbitrary<readonly Fate[]> {
  const either = fc.oneof(
    { arbitrary: refusals, weight: 2 },
    { arbitrary: isStream ? streams : answers, weight: 3 },
  );
  return fc.array(either, { minLength: 8, maxLength: 8 });
}
