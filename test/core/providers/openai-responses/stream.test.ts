import { describe, expect, it } from 'vitest';
import type { ModelStreamPart } from '../../../../src/domain/response.ts';
import { openaiResponses } from '../../../../src/providers/openai-responses/index.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { eventsOfPieces } from '../../../support/splits.ts';

const CALL = aCall({ model: aModel('openai/test', { wire: 'openai-responses' }) });

type Event = { readonly type: string; readonly [field: string]: unknown };

function eventsOf(body: string) {
  return eventsOfPieces(openaiResponses.openStream(CALL), Buffer.from(body), []);
}

/** The parts of some events, each under its name as the service sends it. */
function read(...events: readonly Event[]): readonly ModelStreamPart[] {
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return eventsOf(body.join('')).flatMap(({ parts }) => parts);
}

const CREATED: Event = {
  type: 'response.created',
  response: { id: 'resp_1', model: 'gpt-test-1', status: 'in_progress', output: [] },
};
const usage = { input_tokens: 3, output_tokens: 2 };
const ended = (fields: Record<string, unknown> = {}): Event => ({
  type: 'response.completed',
  response: { id: 'resp_1', status: 'completed', output: [], usage, ...fields },
});
const text = (delta: string, place = 0): Event => ({
  type: 'response.output_text.delta',
  output_index: place,
  delta,
});
const done = (item: unknown, place = 0): Event => ({
  type: 'response.output_item.done',
  output_index: place,
  item,
});
const call = (id: string, json: string) => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name: `name_${id}`,
  arguments: json,
});
const added = (item: unknown, place = 0): Event => ({
  type: 'response.output_item.added',
  output_index: place,
  item,
});
const json = (delta: string, place = 0): Event => ({
  type: 'response.function_call_arguments.delta',
  output_index: place,
  delta,
});

// What no recording shows is by OpenAI's API reference.
describe('streamStep', () => {
  it('reads an answer from its creation to its last event', () => {
    const whole = {
      type: 'message',
      content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
    };

    const parts = read(
      CREATED,
      { ...CREATED, type: 'response.in_progress' },
      text('Hel'),
      text('lo'),
      { type: 'response.output_text.done', text: 'Hello' },
      done(whole),
      ended(),
    );

    expect(parts).toEqual([
      { type: 'start', upstreamId: 'resp_1', upstreamModel: 'gpt-test-1' },
      { type: 'text-delta', text: 'Hel' },
      { type: 'text-delta', text: 'lo' },
      { type: 'usage', usage: { uncachedInputTokens: 3, outputTokens: 2 } },
      { type: 'finish', reason: { unified: 'stop', raw: 'completed' } },
      { type: 'done' },
    ]);
  });

  it('counts parallel calls by themselves, and gives one without arguments an empty object', () => {
    const parts = read(
      text('Both'),
      added(call('a', ''), 1),
      json('{"x"', 1),
      json(':1}', 1),
      { type: 'response.function_call_arguments.done', output_index: 1, arguments: '{"x":1}' },
      done(call('a', '{"x":1}'), 1),
      added(call('b', ''), 2),
      done(call('b', ''), 2),
      ended(),
    );

    expect(parts.slice(1, -3)).toEqual([
      { type: 'tool-call-start', index: 0, id: 'a', name: 'name_a' },
      { type: 'tool-call-delta', index: 0, arguments: '{"x"' },
      { type: 'tool-call-delta', index: 0, arguments: ':1}' },
      { type: 'tool-call-start', index: 1, id: 'b', name: 'name_b' },
      { type: 'tool-call-delta', index: 1, arguments: '{}' },
    ]);
    expect(parts.at(-2)).toMatchObject({ reason: { unified: 'tool-calls' } });
  });

  it('takes a whole call where its pieces never came', () => {
    const start = { type: 'tool-call-start', index: 0, id: 'a', name: 'name_a' };
    const delta = { type: 'tool-call-delta', index: 0, arguments: '{"x":1}' };
    const finished: Event = {
      type: 'response.function_call_arguments.done',
      output_index: 0,
      arguments: '{"x":1}',
    };

    expect(read(done(call('a', '{"x":1}')))).toEqual([start, delta]);
    expect(read(added(call('a', '')), done(call('a', '{"x":1}')))).toEqual([start, delta]);
    expect(read(added(call('a', '')), finished, done(call('a', '{"x":1}')))).toEqual([
      start,
      delta,
    ]);
  });

  it('keeps items apart that overlap, as those of OpenRouter do', () => {
    const parts = read(
      added(call('a', ''), 0),
      added(call('b', ''), 1),
      json('{"y":2}', 1),
      json('{"x":1}', 0),
      done(call('a', '{"x":1}'), 0),
      done(call('b', '{"y":2}'), 1),
    );

    expect(parts.slice(2)).toEqual([
      { type: 'tool-call-delta', index: 1, arguments: '{"y":2}' },
      { type: 'tool-call-delta', index: 0, arguments: '{"x":1}' },
    ]);
  });

  it('reads reasoning, its paragraphs, and what must be given back', () => {
    const summary = (delta: string): Event => ({
      type: 'response.reasoning_summary_text.delta',
      output_index: 0,
      delta,
    });
    const paragraph = (index: number): Event => ({
      type: 'response.reasoning_summary_part.added',
      output_index: 0,
      summary_index: index,
    });
    const item = {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ text: 'a' }, { text: 'b' }],
      encrypted_content: 'gAAA',
    };
    const extras = { 'openai-responses': { id: 'rs_1', encrypted_content: 'gAAA' } };

    expect(read(paragraph(0), summary('a'), paragraph(1), summary('b'), done(item))).toEqual([
      { type: 'reasoning-delta', text: 'a' },
      { type: 'reasoning-delta', text: '\n\n' },
      { type: 'reasoning-delta', text: 'b' },
      { type: 'reasoning-delta', text: '', extras },
    ]);
    expect(read(done(item))).toEqual([{ type: 'reasoning-delta', text: 'a\n\nb', extras }]);
  });

  it('names each source once, as an event or at the end of its item', () => {
    const annotation = { type: 'url_citation', url: 'https://a.test', title: 'A' };
    const item = {
      type: 'message',
      content: [{ type: 'output_text', text: 'x', annotations: [annotation] }],
    };
    const source: Event = {
      type: 'response.output_text.annotation.added',
      output_index: 0,
      annotation,
    };
    const citation = { type: 'citation', url: 'https://a.test', title: 'A', raw: annotation };

    expect(read(text('x'), source, done(item)).slice(1)).toEqual([citation]);
    expect(read(text('x'), done(item)).slice(1)).toEqual([citation]);
  });

  it('reads a refusal', () => {
    const parts = read({ type: 'response.refusal.delta', output_index: 0, delta: 'No.' }, ended());

    expect(parts[0]).toEqual({ type: 'refusal-delta', text: 'No.' });
    expect(parts.at(-2)).toMatchObject({ reason: { unified: 'stop' } });
  });

  it('says why an answer is incomplete', () => {
    const parts = read({
      ...ended({ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }),
      type: 'response.incomplete',
    });

    expect(parts.slice(1)).toEqual([
      { type: 'finish', reason: { unified: 'content-filter', raw: 'content_filter' } },
      { type: 'done' },
    ]);
  });

  it.each([
    ['insufficient_quota', 'quota'],
    ['server_error', 'route'],
    ['rate_limit_exceeded', 'rate'],
  ])('makes response.failed with %s a failure, with what it has used (F47)', (code, kind) => {
    const parts = read(CREATED, {
      ...ended({ status: 'failed', error: { code, message: 'text of the provider' } }),
      type: 'response.failed',
    });

    expect(parts.slice(1)).toMatchObject([
      { type: 'usage' },
      { type: 'error', failure: { kind, accepted: 'unknown' } },
    ]);
  });

  it.each([
    [
      'at the top',
      { type: 'error', code: 'rate_limit_exceeded', message: 'Slow down', param: null },
    ],
    ['inside', { type: 'error', error: { code: 'rate_limit_exceeded', message: 'Slow down' } }],
  ] as const)('makes an error event with its fields %s a failure (F51)', (_, event) => {
    expect(read(text('Hel'), event)).toMatchObject([
      { type: 'text-delta' },
      { type: 'error', failure: { kind: 'rate' } },
    ]);
  });

  it("takes another dialect's mark as an end (OpenRouter)", () => {
    expect(eventsOf(': OPENROUTER PROCESSING\n\ndata: [DONE]\n\n')).toMatchObject([
      { parts: [{ type: 'done' }] },
    ]);
  });

  it('passes over events that it does not know, and marks those that it cannot read', () => {
    expect(read({ type: 'constructor' }, { type: 'response.web_search_call.searching' })).toEqual(
      [],
    );
    expect(eventsOf('data: {"type":7}\n\n')).toMatchObject([{ isBroken: true }]);
  });
});
