import { describe, expect, it } from 'vitest';
import type { ResponseFormat } from '../../../src/domain/conversation.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { AttemptOrder } from '../../../src/execute/attempt.ts';
import { schemaFault } from '../../../src/execute/schema-fault.ts';
import { anAnswer } from '../../support/answers.ts';
import { aConversation } from '../../support/builders.ts';
import { anExecution } from '../../support/executions.ts';
import type { Script } from '../../support/fake-transport.ts';
import { CHAT_DONE, CHAT_STOP, chatAnswer, chatDelta, chatError } from '../../support/plans.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    age: { type: ['integer', 'null'] },
    tags: { type: 'array' },
    place: { anyOf: [{ type: 'string' }, { type: 'object' }] },
    note: { type: 'string', nullable: true },
    score: { type: 'float' },
  },
  required: ['name', 'age'],
};

function aFormat(schema: JsonObject = SCHEMA, strict = true): ResponseFormat {
  return { type: 'json-schema', name: 'person', schema, strict };
}

const said = (text: string) => anAnswer([{ type: 'text', text }]);

describe('schemaFault (F58)', () => {
  it.each([
    ['{"name":"Ann","age":7}'],
    ['{"name":"Ann","age":null,"tags":[],"more":1}'],
    ['{"name":"Ann","age":7.0,"place":5,"note":null,"score":"x"}'],
    [' {"name":"","age":0} \n'],
  ])('finds nothing in %s', (text) => {
    expect(schemaFault(aFormat(), said(text))).toBeUndefined();
  });

  it.each([
    ['Ann is 7', 'it is not JSON'],
    ['```json\n{"name":"Ann","age":7}\n```', 'it is not JSON'],
    ['{"name":"Ann","age":7', 'it is not JSON'],
    ['', 'it is not JSON'],
    ['[]', 'it has another type'],
    ['null', 'it has another type'],
    ['{"name":"Ann"}', 'a required member is missing'],
    ['{"name":"Ann","age":"7"}', 'a member has another type'],
    ['{"name":"Ann","age":7.5}', 'a member has another type'],
    ['{"name":null,"age":7}', 'a member has another type'],
    ['{"name":"Ann","age":7,"tags":{}}', 'a member has another type'],
  ])('says of %s: %s', (text, fault) => {
    expect(schemaFault(aFormat(), said(text))).toBe(fault);
  });

  it.each<[string, JsonObject]>([
    ['an empty schema', {}],
    ['a reference', { $ref: '#/$defs/person', $defs: { person: SCHEMA } }],
    ['members that are no schemas', { type: 'object', properties: { age: true }, required: 'age' }],
    ['what objects inherit', { type: 'object', properties: { toString: { type: 'string' } } }],
  ])('judges nothing by %s', (_, schema) => {
    expect(schemaFault(aFormat(schema), said('{"age":7}'))).toBeUndefined();
  });

  it.each<[string, ResponseFormat | undefined]>([
    ['no format', undefined],
    ['any JSON', { type: 'json-object' }],
    ['a schema that is a wish', aFormat(SCHEMA, false)],
  ])('does not judge what was to keep to %s', (_, format) => {
    expect(schemaFault(format, said('no'))).toBeUndefined();
  });

  it.each([
    ['a refusal', anAnswer([{ type: 'refusal', text: 'no' }])],
    ['a tool call', anAnswer([{ type: 'tool-call', id: 'c', name: 'f', arguments: '{}' }])],
    ['cut by its limit', anAnswer([], { finishReason: { unified: 'length', raw: 'length' } })],
    ['filtered', anAnswer([], { finishReason: { unified: 'content-filter', raw: undefined } })],
  ])('does not judge an answer that is %s', (_, answer) => {
    expect(schemaFault(aFormat(), answer)).toBeUndefined();
  });
});

const FITS = chatAnswer('{"name":"Ann","age":7}');
const WORDS = chatAnswer('Ann is 7');
const LIST = chatAnswer('[]');
const overloaded = chatError(529);
const PLAN = { conversation: aConversation({ responseFormat: aFormat() }) };

describe('execute: an answer that does not match its schema (F58)', () => {
  it.each<[string, readonly Script[], readonly string[], string]>([
    ['asks one other model', [WORDS, FITS], ['m1', 'm2'], 'openai/m2'],
    ['serves the first where the other does no better', [WORDS, LIST], ['m1', 'm2'], 'openai/m1'],
    ['goes on behind a failure', [WORDS, overloaded, FITS], ['m1', 'm2', 'm3'], 'openai/m3'],
    [
      'serves it where every other fails',
      [WORDS, overloaded, overloaded],
      ['m1', 'm2', 'm3'],
      'openai/m1',
    ],
    [
      'serves it where nobody is left',
      [overloaded, overloaded, WORDS],
      ['m1', 'm2', 'm3'],
      'openai/m3',
    ],
  ])('%s', async (_, scripts, models, served) => {
    const { asked, result } = await anExecution(scripts, { plan: PLAN }).run();

    expect(asked).toEqual(models);
    expect(result).toMatchObject({ type: 'answer', model: { id: served } });
  });

  it('marks what is served all the same, and books it once, last', async () => {
    const { result, attempts } = await anExecution([WORDS, overloaded, overloaded], {
      plan: PLAN,
    }).run();

    const message = 'the answer does not match its schema: it is not JSON';
    const warnings = [{ type: 'unsupported', field: 'response_format', message }];
    expect(result).toMatchObject({ type: 'answer', body: WORDS.body, attempt: { warnings } });
    expect(attempts.map(({ number, outcome }) => [number, outcome.type])).toEqual([
      [2, 'failed'],
      [3, 'failed'],
      [1, 'answered'],
    ]);
  });

  it('books what was set aside with its usage, and holds it against nobody', async () => {
    const { run, ports } = anExecution([WORDS, FITS], { plan: PLAN });
    const { attempts } = await run();

    expect(attempts).toMatchObject([
      {
        outcome: { type: 'failed', failure: { kind: 'content', code: 'schema_mismatch' } },
        usage: { uncachedInputTokens: 10, outputTokens: 5 },
      },
      { outcome: { type: 'answered' }, warnings: [] },
    ]);
    expect(ports.breakers.permits.map(({ answers }) => answers)).toEqual([
      ['succeed'],
      ['succeed'],
    ]);
  });

  it('does not wake models that rest for it', async () => {
    let isAsked = false;
    const recovered = () => {
      isAsked = true;
      return Promise.resolve([]);
    };
    await anExecution([WORDS, LIST], { plan: { ...PLAN, recovered } }).run();
    await anExecution([WORDS, overloaded, overloaded], { plan: { ...PLAN, recovered } }).run();

    expect(isAsked).toBe(false);
  });

  it('is for nobody who has left meanwhile', async () => {
    const caller = new AbortController();
    const announce = ({ number }: AttemptOrder): void => {
      if (number === 2) caller.abort();
    };
    const { error, attempts } = await anExecution([WORDS, FITS], {
      plan: { ...PLAN, signal: caller.signal, announce },
    }).run();

    expect(attempts.map(({ outcome }) => outcome.type)).toEqual(['failed', 'cancelled']);
    expect(error?.code).toBe('client_closed_request');
  });

  it('leaves streams alone: they have begun', async () => {
    const body = [chatDelta({ content: 'Ann is 7' }), CHAT_STOP, CHAT_DONE];
    const conversation = { ...PLAN.conversation, stream: true };
    const { asked, result } = await anExecution([{ body }], { plan: { conversation } }).run();

    if (result.type !== 'stream') throw new Error(result.type);
    expect(asked).toEqual(['m1']);
    result.stream.order.guard.close();
  });
});
