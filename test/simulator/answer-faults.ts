import type { JsonObject } from './prompt.ts';
import { asObject } from './prompt.ts';
import { jsonReply, type Reply, type Scene, textReply } from './reply.ts';
import type { Piece } from './wire.ts';

/** Faults of an answer that began with a 200; ids are those of the fault catalogue. */
export type AnswerFault = {
  readonly about: string;
  readonly spoil: (good: Reply, scene: Scene) => Reply;
  /** What a call without a stream gets instead, where the fault is one of streams. */
  readonly whole?: string;
};

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const HOUR_MS = 3_600_000;
const TWO_THIRDS = 2 / 3;

export const ANSWER_FAULTS: Readonly<Record<string, AnswerFault>> = {
  F23: {
    about: 'a good answer of a model that will be gone',
    spoil: (good) => ({ ...good, headers: { ...good.headers, ...FAREWELL } }),
  },
  F33: {
    about: '200 with a page',
    spoil: () => textReply(200, '<html><body>Welcome</body></html>', HTML),
  },
  F34: { about: '200 with an empty object', spoil: () => jsonReply(200, {}) },
  'F34:empty': {
    about: '200 with no body',
    spoil: () => textReply(200, '', { 'content-type': 'application/json' }),
  },
  F35: { about: '200 with cut JSON', spoil: (good) => cutText(good) },
  F36: {
    about: '200 without any answer',
    spoil: (_good, { telling, wire }) => jsonReply(200, emptied(wire.whole(telling))),
    whole: 'F36',
  },
  F37: {
    about: '200 whose body is an error',
    spoil: (_good, scene) => jsonReply(200, scene.wire.error(SERVER_FAULT).body),
  },
  F39: {
    about: 'the wrong content type: JSON for a stream, text for JSON',
    spoil: (good, scene) =>
      scene.telling.prompt.isStream
        ? jsonReply(200, scene.wire.whole(scene.telling))
        : { ...good, headers: { 'content-type': 'text/plain' } },
  },
  F40: {
    about: 'an event, or an answer, that never ends',
    spoil: (good, { settings }) => ({ ...good, pieces: [flood(settings.bytes ?? 2_000_000)] }),
  },
  F43: { about: 'reset before the headers', spoil: (good) => ({ ...good, ending: 'reset' }) },
  F44: {
    about: 'headers never come',
    spoil: (good, { settings }) => ({ ...good, waitMs: settings.ms ?? HOUR_MS }),
  },
  F47: {
    about: 'a stream whose first event is an error',
    whole: 'F37',
    spoil: (good, { wire }) => ({
      ...good,
      pieces: [{ role: 'terminal', bytes: wire.streamError(OVERLOAD) }],
    }),
  },
  F48: {
    about: 'a stream whose first content comes late or never',
    whole: 'F44',
    spoil: (good, { settings }) => ({ ...good, firstMs: settings.ms ?? HOUR_MS }),
  },
  F49: {
    about: 'a stream that ends at once',
    whole: 'F34:empty',
    spoil: (good) => ({ ...good, pieces: [] }),
  },
  F50: {
    about: 'a first event without content',
    spoil: (good, { wire, telling }) =>
      wire.name === 'openai' && telling.prompt.isStream
        ? { ...good, pieces: [{ role: 'head', bytes: FILTER_EVENT }, ...good.pieces] }
        : good,
  },
  F51: {
    about: 'an error event behind the first content',
    whole: 'F35',
    spoil: (good, { wire, settings }) => ({
      ...good,
      pieces: [
        ...shareOf(good, settings.share),
        { role: 'terminal', bytes: wire.streamError(OVERLOAD) },
      ],
    }),
  },
  F52: {
    about: 'the connection breaks behind the first content',
    whole: 'F35',
    spoil: (good, { settings }) => ({
      ...good,
      pieces: shareOf(good, settings.share),
      ending: 'cut',
    }),
  },
  'F52:eof': {
    about: 'the stream ends cleanly without its end',
    whole: 'F35',
    spoil: (good, { settings }) => ({ ...good, pieces: shareOf(good, settings.share) }),
  },
  F53: {
    about: 'no last word of the wire',
    spoil: (good, { telling, settings }) => ({
      ...good,
      pieces: good.pieces.filter(({ role }) => role !== 'terminal'),
      ...(settings.staysOpen && telling.prompt.isStream && { ending: 'stall' }),
    }),
  },
  F54: {
    about: 'the stream stalls behind the first content',
    whole: 'F44',
    spoil: (good, { settings }) => ({
      ...good,
      pieces: shareOf(good, settings.share),
      ending: 'stall',
    }),
  },
  F55: {
    about: 'the connection stays open behind the end',
    spoil: (good, { telling }) => (telling.prompt.isStream ? { ...good, ending: 'stall' } : good),
  },
  'F56:byte': {
    about: 'every byte is a chunk of its own',
    spoil: (good) => ({ ...good, gapMs: 0, pieces: good.pieces.flatMap(bytesOf) }),
  },
  'F56:event': {
    about: 'one event in the middle cannot be read',
    spoil: (good, { wire }) => ({ ...good, pieces: withBrokenEvent(good, wire.binary?.broken) }),
  },
  F59: {
    about: 'a refusal: the answer was filtered',
    spoil: (good, scene) => retold(good, scene, { finish: 'refusal', text: '', calls: [] }),
  },
  F63: {
    about: 'usage is missing',
    spoil: (good, scene) => edited(good, scene, (text) => text.replace(USAGE, '"unknown":{')),
  },
  F64: {
    about: 'usage is zero although there is an answer',
    spoil: (good, scene) => edited(good, scene, (text) => text.replace(COUNTS, '$1:0')),
  },
  F65: {
    about: 'usage is absurd',
    spoil: (good, scene) => edited(good, scene, (text) => text.replace(COUNTS, '$1:1000000000000')),
  },
  F67: {
    about: 'another model answers than was asked',
    spoil: (good, scene) => edited(good, scene, (text) => text.replace(MODEL, '$1:"other-model"')),
  },
  F68: {
    about: 'every answer has the same id',
    spoil: (good, scene) => edited(good, scene, (text) => text.replace(IDS, 'sim-0')),
  },
};

const FAREWELL = {
  deprecation: '@1767225600',
  sunset: 'Thu, 31 Dec 2026 23:59:59 GMT',
};
const FILTER_EVENT =
  'data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[]}\n\n';
const IDS = /\bsim-\d+\b/g;
const SERVER_FAULT = { kind: 'server', message: 'Internal error.' } as const;
const OVERLOAD = { kind: 'overload', message: 'Overloaded' } as const;
const USAGE = /"usage(?:Metadata)?":\{/g;
const COUNTS =
  /("(?:prompt|completion|total|input|output)_tokens"|"(?:prompt|candidates|total)TokenCount"|"(?:input|output|total)Tokens"):\d+/g;
const MODEL = /("model"|"modelVersion"):"[^"]*"/g;

function shareOf({ pieces }: Reply, share = TWO_THIRDS): readonly Piece[] {
  const heads = pieces.filter(({ role }) => role === 'head');
  const contents = pieces.filter(({ role }) => role === 'content');
  return [...heads, ...contents.slice(0, Math.max(1, Math.floor(contents.length * share)))];
}

function cutText(good: Reply): Reply {
  const text = good.pieces.map(({ bytes }) => String(bytes)).join('');
  return { ...good, pieces: [{ role: 'content', bytes: text.slice(0, text.length / 2) }] };
}

function flood(bytes: number): Piece {
  return { role: 'content', bytes: `data: "${'x'.repeat(bytes)}` };
}

/** So many chunks show it; a large answer would take seconds as more. */
const MOST_CHUNKS = 1000;

function bytesOf({ role, bytes }: Piece): readonly Piece[] {
  const encoded = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  const length = Math.max(1, Math.ceil(encoded.length / MOST_CHUNKS));
  return Array.from({ length: Math.ceil(encoded.length / length) }, (_, at): Piece => {
    return { role, bytes: encoded.slice(at * length, (at + 1) * length) };
  });
}

/** Readers drop the broken event and lose nothing. */
function withBrokenEvent({ pieces }: Reply, binary: Uint8Array | undefined): readonly Piece[] {
  if (!pieces.some(({ role }) => role === 'finish')) return pieces;
  const bytes = binary ?? 'data: {"choices":[{"delta":{"content":"cut\n\n';
  return pieces.toSpliced(Math.floor(pieces.length / 2), 0, { role: 'content', bytes });
}

function retold(
  good: Reply,
  { wire, telling }: Scene,
  change: Partial<typeof telling.answer>,
): Reply {
  const retelling = { ...telling, answer: { ...telling.answer, ...change } };
  if (!telling.prompt.isStream)
    return { ...jsonReply(200, wire.whole(retelling)), waitMs: good.waitMs };
  return { ...good, pieces: wire.stream(retelling) };
}

function edited(good: Reply, { wire }: Scene, edit: (text: string) => string): Reply {
  const pieces = good.pieces.map(({ role, bytes }): Piece => {
    if (typeof bytes === 'string') return { role, bytes: edit(bytes) };
    return { role, bytes: wire.binary?.edit(bytes, edit) ?? bytes };
  });
  return { ...good, pieces };
}

/** The whole answer with nothing in it. */
function emptied(whole: unknown): JsonObject {
  const body = asObject(whole);
  // Bedrock's output is an object, that of the Responses API a list.
  const output = Array.isArray(body['output']) ? [] : { message: { content: [] } };
  const nothing = { choices: [], content: [], candidates: [], output };
  const known = Object.entries(nothing).filter(([key]) => key in body);
  return { ...body, ...Object.fromEntries(known) };
}
