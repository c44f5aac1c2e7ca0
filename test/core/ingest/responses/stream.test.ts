import { APIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { RouterError } from '../../../../src/domain/errors.ts';
import type { StreamEvent } from '../../../../src/domain/ports.ts';
import type { ModelStreamPart } from '../../../../src/domain/response.ts';
import { responses } from '../../../../src/ingest/responses/index.ts';
import { openAiStreaming } from '../../../support/openai-client.ts';
import { aBody, BILL, eventsOf, openWriter, stream } from '../../../support/responses.ts';

const TEXT: ModelStreamPart = { type: 'text-delta', text: 'Hi' };
const DONE: readonly ModelStreamPart[] = [
  { type: 'finish', reason: { unified: 'stop', raw: 'stop' } },
  { type: 'done' },
];

/** A piece of an item of another's, as it passed. */
function aDelta(fields: object): StreamEvent {
  const usual = { type: 'response.output_text.delta', sequence_number: 7, item_id: 'theirs' };
  const data = JSON.stringify({ ...usual, ...fields });
  return { name: undefined, data, parts: [], isBroken: false };
}

/** Each event in one line, with what tells it from others of its type. */
function linesOf(text: string): string[] {
  return eventsOf(text).map(({ type, ...event }) => {
    const at = event['output_index'] === undefined ? '' : ` ${event['output_index']}`;
    const inner = event['delta'] ?? event['text'] ?? event['arguments'] ?? event['refusal'] ?? '';
    return `${type.replace('response.', '')}${at} ${inner}`.trimEnd();
  });
}

describe('openWriter', () => {
  it('writes thought, text and calls in the order of the dialect', () => {
    const text = stream([
      { type: 'start', upstreamId: 'u', upstreamModel: 'm' },
      { type: 'reasoning-delta', text: 'Th' },
      { type: 'reasoning-delta', text: 'ink' },
      TEXT,
      { type: 'citation', url: 'https://example.com', title: 'Example' },
      { type: 'tool-call-start', index: 0, id: 'call_1', name: 'f' },
      { type: 'tool-call-delta', index: 0, arguments: '{"a":' },
      { type: 'tool-call-delta', index: 0, arguments: '1}' },
      { type: 'tool-call-start', index: 1, id: 'call_2', name: 'g' },
      ...DONE,
    ]);

    expect(linesOf(text)).toEqual([
      'created',
      'in_progress',
      'output_item.added 0',
      'reasoning_summary_part.added 0',
      'reasoning_summary_text.delta 0 Th',
      'reasoning_summary_text.delta 0 ink',
      'reasoning_summary_text.done 0 Think',
      'reasoning_summary_part.done 0',
      'output_item.done 0',
      'output_item.added 1',
      'content_part.added 1',
      'output_text.delta 1 Hi',
      'output_text.annotation.added 1',
      'output_text.done 1 Hi',
      'content_part.done 1',
      'output_item.done 1',
      'output_item.added 2',
      'function_call_arguments.delta 2 {"a":',
      'function_call_arguments.delta 2 1}',
      'function_call_arguments.done 2 {"a":1}',
      'output_item.done 2',
      'output_item.added 3',
      'function_call_arguments.delta 3 {}',
      'function_call_arguments.done 3 {}',
      'output_item.done 3',
      'completed',
    ]);
  });

  it('writes a refusal as the dialect does', () => {
    const text = stream([{ type: 'refusal-delta', text: 'No.' }, ...DONE]);

    expect(linesOf(text).slice(2)).toEqual([
      'output_item.added 0',
      'content_part.added 0',
      'refusal.delta 0 No.',
      'refusal.done 0 No.',
      'content_part.done 0',
      'output_item.done 0',
      'completed',
    ]);
  });

  it('keeps calls whose pieces are mixed open beside each other', () => {
    const text = stream([
      { type: 'tool-call-start', index: 0, id: 'a', name: 'f' },
      { type: 'tool-call-delta', index: 0, arguments: '{"a"' },
      { type: 'tool-call-start', index: 1, id: 'b', name: 'g' },
      { type: 'tool-call-delta', index: 1, arguments: '{"b"' },
      { type: 'tool-call-delta', index: 0, arguments: ':1}' },
      { type: 'tool-call-delta', index: 1, arguments: ':2}' },
      ...DONE,
    ]);

    expect(linesOf(text).filter((line) => line.includes('arguments.done'))).toEqual([
      'function_call_arguments.done 0 {"a":1}',
      'function_call_arguments.done 1 {"b":2}',
    ]);
  });

  it('marks the item that the limit of the answer has cut off', () => {
    const text = stream([
      TEXT,
      { type: 'tool-call-start', index: 0, id: 'a', name: 'f' },
      { type: 'tool-call-delta', index: 0, arguments: '{"a"' },
      { type: 'finish', reason: { unified: 'length', raw: 'length' } },
    ]);

    expect(eventsOf(text).at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: {
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
        output: [{ status: 'completed' }, { status: 'incomplete', arguments: '{"a"' }],
        usage: { total_tokens: 15 },
      },
    });
  });

  it('begins and ends an answer of nothing', () => {
    expect(linesOf(stream(DONE))).toEqual(['created', 'in_progress', 'completed']);
  });

  it('writes the cost of a native stream as a comment, and no second last word', () => {
    expect(openWriter().finishNative(BILL, false)).toBe(
      ': {"cost":0.0000015,"cost_details":{"upstream_cost":null,"is_estimated":false}}\n\n',
    );
  });
});

describe('a stream that breaks', () => {
  const ERROR = new RouterError('upstream_stream_error', 'the stream ended before its answer did');

  function broken(): string {
    const writer = openWriter();
    return writer.write(TEXT) + writer.fail(ERROR);
  }

  it('ends its items, then fails, then says why', () => {
    const events = eventsOf(broken());

    expect(linesOf(broken()).slice(-5)).toEqual([
      'output_text.done 0 Hi',
      'content_part.done 0',
      'output_item.done 0',
      'failed',
      'error',
    ]);
    expect(events.at(-2)).toMatchObject({
      response: {
        status: 'failed',
        error: { code: 'server_error', message: 'the stream ended before its answer did' },
        output: [{ status: 'incomplete' }],
      },
    });
    expect(events.at(-1)).toEqual({
      type: 'error',
      sequence_number: events.length - 1,
      code: 'upstream_stream_error',
      message: 'the stream ended before its answer did',
      param: null,
      error: {
        type: 'server_error',
        code: 'upstream_stream_error',
        message: 'the stream ended before its answer did',
        param: null,
        request_id: 'r1',
      },
    });
  });

  it('makes the official client throw', async () => {
    const events = await openAiStreaming(broken()).responses.create({
      model: 'auto',
      input: 'Hello',
      stream: true,
    });
    const types: string[] = [];
    const reading = (async () => {
      for await (const { type } of events) types.push(type);
    })();

    await expect(reading).rejects.toThrow(APIError);
    await expect(reading).rejects.toMatchObject({ code: 'upstream_stream_error' });
    expect(types).toContain('response.output_text.delta');
    expect(types.at(-1)).toBe('response.failed');
  });

  it('makes the helper of the official client throw', async () => {
    const helper = openAiStreaming(broken()).responses.stream({ model: 'auto', input: 'Hello' });

    await expect(helper.finalResponse()).rejects.toThrow(APIError);
  });

  it.each<[string, readonly ModelStreamPart[], ModelStreamPart, object]>([
    ['a message', [TEXT], TEXT, { type: 'message', content: [{ text: 'HiHi' }] }],
    [
      'a call',
      [
        { type: 'tool-call-start', index: 0, id: 'call_1', name: 'f' },
        { type: 'tool-call-delta', index: 0, arguments: '{"a":' },
      ],
      { type: 'tool-call-delta', index: 0, arguments: '1}' },
      { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{"a":1}' },
    ],
  ])('goes on behind a native stream within %s, by its name', (_, passed, part, item) => {
    const writer = openWriter();
    for (const each of passed) writer.write(each);

    const goesOn = writer.goOnBehind?.([aDelta({ output_index: 0 })]);
    const events = eventsOf(writer.write(part) + writer.finish(BILL));

    expect(goesOn).toBe(true);
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, at) => at + 8));
    expect(events[0]).toMatchObject({ item_id: 'theirs', output_index: 0 });
    const output = [{ id: 'theirs', status: 'completed', ...item }];
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { output } });
  });

  it.each([
    ['a later item', { output_index: 1 }],
    ['a later content of its item', { output_index: 0, content_index: 1 }],
    ['the end of an item', { type: 'response.output_text.done', output_index: 0 }],
  ])('is only an error behind a native stream that has come to %s', (_, fields) => {
    const writer = openWriter();
    writer.write(TEXT);

    const goesOn = writer.goOnBehind?.([aDelta(fields)]);
    const frames = writer.fail(ERROR);

    expect(goesOn).toBe(false);
    expect(eventsOf(frames)).toMatchObject([{ type: 'error', sequence_number: 8 }]);
  });

  it('is only an error before anything was written', () => {
    expect(eventsOf(openWriter().fail(ERROR))).toMatchObject([
      { type: 'error', sequence_number: 0 },
    ]);
    expect(eventsOf(responses.toErrorFrame(ERROR, 'r1'))).toEqual(
      eventsOf(openWriter().fail(ERROR)),
    );
  });
});

describe('editEvent', () => {
  const request = responses.readRequest(aBody({}), new Headers());
  const event = { name: 'response.completed', parts: [], isBroken: false };

  it('passes an event as it is', () => {
    const delta = { ...event, name: 'response.output_text.delta', data: '{"delta":"a"}' };

    expect(responses.editEvent(delta, undefined, request)).toBe(
      'event: response.output_text.delta\ndata: {"delta":"a"}\n\n',
    );
  });

  it('puts the cost into the last one', () => {
    const data = '{"type":"response.completed","response":{"id":"a","usage":{"input_tokens":1}}}';

    const edited = responses.editEvent({ ...event, data }, BILL, request);

    expect(eventsOf(edited)).toEqual([
      {
        type: 'response.completed',
        response: {
          id: 'a',
          usage: {
            input_tokens: 1,
            cost: 0.000_001_5,
            cost_details: { upstream_cost: null, is_estimated: false },
          },
        },
      },
    ]);
  });

  it('leaves out the last word of another dialect', () => {
    const done = { ...event, name: undefined, data: '[DONE]' };

    expect(responses.editEvent(done, BILL, request)).toBe('');
  });
});
