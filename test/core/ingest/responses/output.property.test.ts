import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReasoningPart } from '../../../../src/domain/conversation.ts';
import { isJsonObject, type JsonObject } from '../../../../src/domain/json.ts';
import type { ModelStreamPart, ResponsePart } from '../../../../src/domain/response.ts';
import { openAiStreaming } from '../../../support/openai-client.ts';
import { someParts } from '../../../support/response-parts.ts';
import { CARRYING, eventsOf, stream, write } from '../../../support/responses.ts';

/** The parts of an answer as they stream, texts cut in two. */
function toStreamParts(content: readonly ResponsePart[]): ModelStreamPart[] {
  let calls = 0;
  const piecesOf = (part: ResponsePart): ModelStreamPart[] => {
    switch (part.type) {
      case 'citation':
        return [part];
      case 'tool-call': {
        const { type: _, arguments: json, ...call } = part;
        const index = calls++;
        const deltas = halves(json).map(
          (piece): ModelStreamPart => ({ type: 'tool-call-delta', index, arguments: piece }),
        );
        return [{ type: 'tool-call-start', index, ...call }, ...deltas];
      }
      case 'refusal':
        return halves(part.text).map((text) => ({ type: 'refusal-delta', text }));
      case 'text':
        return inHalves('text-delta', part);
      case 'reasoning':
        return inHalves('reasoning-delta', part);
    }
  };
  return content.flatMap(piecesOf);
}

/** A signature comes with the last words. */
function inHalves(
  type: 'text-delta' | 'reasoning-delta',
  { text, extras }: Pick<ReasoningPart, 'text' | 'extras'>,
): ModelStreamPart[] {
  const [first = '', second = ''] = halves(text);
  const last = { type, text: second, ...(extras && { extras }) };
  return first === '' ? [last] : [{ type, text: first }, last];
}

/** Cut where no character is split, the second half never empty unless all is. */
function halves(text: string): string[] {
  const characters = [...text];
  const middle = Math.floor(characters.length / 2);
  return [characters.slice(0, middle).join(''), characters.slice(middle).join('')];
}

const STOP: ModelStreamPart = { type: 'finish', reason: { unified: 'stop', raw: undefined } };

describe('an answer of any parts', () => {
  it('comes to the same items whole and streamed, also for the official client', async () => {
    await fc.assert(
      fc.asyncProperty(someParts, fc.boolean(), async (content, carries) => {
        const fields = carries ? CARRYING : {};
        const whole = JSON.parse(write({ content }, fields));
        const text = stream([...toStreamParts(content), STOP], fields);

        const last = eventsOf(text).at(-1)?.['response'];
        const read = await openAiStreaming(text)
          .responses.stream({ model: 'auto', input: 'Hello' })
          .finalResponse();

        expect(last).toEqual(whole);
        expect(JSON.parse(JSON.stringify(read.output))).toEqual(whole.output.map(asParsed));
        expect(read.output_text).toBe(
          content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
        );
      }),
    );
  }, 30_000);

  it('streams by the rules of the dialect', () => {
    fc.assert(
      fc.property(someParts, (content) => {
        checkRules(eventsOf(stream([...toStreamParts(content), STOP], CARRYING)));
      }),
    );
  }, 30_000);
});

/** What the helper of the official client adds. */
function asParsed(item: JsonObject): JsonObject {
  if (item['type'] === 'function_call') return { ...item, parsed_arguments: null };
  const { content } = item;
  if (!Array.isArray(content)) return item;
  return { ...item, content: content.map((part: JsonObject) => ({ ...part, parsed: null })) };
}

type Event = JsonObject & { readonly type: string };

/** Numbers without gaps, items that begin once in order and end once, and texts that add up. */
function checkRules(events: readonly Event[]): void {
  expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, at) => at));
  expect(events.slice(0, 2).map(({ type }) => type)).toEqual([
    'response.created',
    'response.in_progress',
  ]);
  const added = events.filter(({ type }) => type === 'response.output_item.added');
  expect(added.map((event) => event['output_index'])).toEqual(added.map((_, at) => at));
  for (const [at] of added.entries()) checkItem(events.filter(isOf(at)));
  const done = events.filter(({ type }) => type === 'response.output_item.done');
  const inOrder = [...done].sort((a, b) => Number(a['output_index']) - Number(b['output_index']));
  const last = events.at(-1);
  expect(last?.type).toBe('response.completed');
  expect(last?.['response']).toMatchObject({ output: inOrder.map((event) => event['item']) });
}

function isOf(at: number): (event: Event) => boolean {
  return (event) => event['output_index'] === at;
}

const DELTA = /^(response\..+)\.delta$/;

function checkItem(events: readonly Event[]): void {
  const types = events.map(({ type }) => type);
  expect(types[0]).toBe('response.output_item.added');
  expect(types.at(-1)).toBe('response.output_item.done');
  expect(types.filter((type) => type === 'response.output_item.done')).toHaveLength(1);
  const item = events[0]?.['item'];
  const id = isJsonObject(item) ? item['id'] : undefined;
  const inner = events.slice(1, -1);
  expect(new Set(inner.map((event) => event['item_id']))).toEqual(
    new Set(inner.length ? [id] : []),
  );
  const begun = types.filter((type) => type.endsWith('part.added')).length;
  expect(types.filter((type) => type.endsWith('part.done'))).toHaveLength(begun);
  expect(wordsOf(inner, (type) => DELTA.exec(type)?.[1])).toEqual(
    wordsOf(inner, (type) => (type.endsWith('.done') ? type.slice(0, -'.done'.length) : undefined)),
  );
}

/** All words of each kind of event in an item. */
function wordsOf(
  events: readonly Event[],
  kindOf: (type: string) => string | undefined,
): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const event of events) {
    const kind = kindOf(event.type);
    const said = ['delta', 'text', 'arguments', 'refusal'].map((name) => event[name]);
    const text = said.find((value) => typeof value === 'string');
    if (kind === undefined || !text) continue;
    words.set(kind, (words.get(kind) ?? '') + String(text));
  }
  return words;
}
