import { describe, expect, it } from 'vitest';
import { describeRecorded } from '../../../support/describe-recorded.ts';
import { answerOf, completion, sse, streamFactsOf } from '../../../support/quirk-replies.ts';
import { recordedAdapter, recordedCall, recordedFacts } from '../../../support/recorded-call.ts';
import { recordingOf } from '../../../support/recording-by-id.ts';

const factsOf = (id: string) => recordedFacts(recordingOf(id));

function responseOf(id: string) {
  const recording = recordingOf(id);
  const { body } = recording.response;
  return recordedAdapter(recording).fromResponse(body, recordedCall(recording));
}

describeRecorded('answers, as recorded', () => {
  it('3 Gemini: says STOP for function calls', () => {
    expect(factsOf('google-gemini.gemini-generate.51e1064263').finish).toEqual({
      unified: 'tool-calls',
      raw: 'STOP',
    });
  });

  it('4 Gemini: a refused prompt has no candidates, and is an answer all the same', () => {
    expect(factsOf('google-vertex.gemini-generate.9de1430ac1')).toMatchObject({
      text: '',
      finish: { unified: 'content-filter', raw: 'MODEL_ARMOR' },
    });
  });

  it('5 Gemini: calls without an id get one, each another', () => {
    const ids = factsOf('google-gemini.gemini-generate.3dba4af2ba').toolCalls.map(({ id }) => id);

    expect(ids).toEqual(['call_S7-FaruuCO2qnsEPoOCUgQg_0', 'call_S7-FaruuCO2qnsEPoOCUgQg_1']);
  });

  it.each(['anthropic.anthropic-messages.5cc707963c', 'together.openai-chat.00d237bbef'])(
    '9 retry-after on a successful answer means nothing (%s)',
    (id) => {
      expect(recordingOf(id).response.headers).toHaveProperty('retry-after');
      expect(responseOf(id)).not.toHaveProperty('kind');
    },
  );

  it('20 Workers AI: the content of an answer by a JSON schema is the object itself', () => {
    expect(factsOf('cloudflare-workers-ai.openai-chat.2506a484a1').text).toBe(
      '{"name":"Emily Wilson","age":32}',
    );
  });

  it('21 Mistral: content as a list of thinking and text', () => {
    expect(factsOf('mistral.openai-chat.1d8ff4c168')).toMatchObject({
      text: '8 × 2 equals 16.',
      reasoning: expect.stringContaining('multiply the previous result'),
    });
  });

  it('22 Together: eos is an end like any other', () => {
    expect(factsOf('together.openai-chat.00d237bbef').finish).toEqual({
      unified: 'stop',
      raw: 'eos',
    });
  });

  it('OpenAI in 2023: finish_details in place of a finish reason', () => {
    expect(factsOf('openai.openai-chat.ee93b0307f').finish).toEqual({
      unified: 'length',
      raw: 'max_tokens',
    });
  });

  it('OpenAI: functions of 2023, custom tools and speech are read, too', () => {
    expect(factsOf('openai.openai-chat.4f7ad0bd9a')).toMatchObject({
      toolCalls: [{ name: 'get_current_weather', arguments: { location: 'Boston' } }],
      finish: { unified: 'tool-calls', raw: 'function_call' },
    });
    expect(factsOf('openai.openai-chat.931cf02bf5').toolCalls).toMatchObject([
      { name: 'math_exp', arguments: { input: '4 + 4' } },
    ]);
    expect(factsOf('openai.openai-chat.3300b35a68').text).toBe('beep');
  });

  it('Groq: a compound model names the sources that its own search has found', () => {
    expect(factsOf('groq.openai-chat.d6094cab64').citations).toContain(
      'https://www.weatherapi.com/',
    );
  });

  it('OpenRouter: reasoning_details are kept as they came', () => {
    const response = responseOf('openrouter.openai-chat.714e3e9f62');
    const raw = JSON.parse(recordingOf('openrouter.openai-chat.714e3e9f62').response.body);
    const content = 'content' in response ? response.content : [];

    expect(content.find(({ type }) => type === 'reasoning')).toEqual({
      type: 'reasoning',
      text: raw.choices[0].message.reasoning,
      extras: { openai: { reasoning_details: raw.choices[0].message.reasoning_details } },
    });
  });
});

describe('answers, by documentation', () => {
  const gemini = (candidate: object) =>
    answerOf({ responseId: 'r1', candidates: [candidate] }, { wire: 'gemini' });

  it.each([
    ['no parts', { content: { role: 'model' }, finishReason: 'MAX_TOKENS' }, 'length'],
    ['an empty content', { content: {}, finishReason: 'SAFETY' }, 'content-filter'],
    ['no content', { finishReason: 'RECITATION' }, 'content-filter'],
    ['a blocklist', { finishReason: 'BLOCKLIST' }, 'content-filter'],
    ['prohibited content', { finishReason: 'PROHIBITED_CONTENT' }, 'content-filter'],
    ['personal data', { finishReason: 'SPII' }, 'content-filter'],
    ['a call that cannot be read', { finishReason: 'MALFORMED_FUNCTION_CALL' }, 'error'],
    ['a call of a tool that was not offered', { finishReason: 'UNEXPECTED_TOOL_CALL' }, 'error'],
    ['a word of tomorrow', { finishReason: 'TOMORROW' }, 'unknown'],
  ])('4 F59 F60 Gemini: a candidate with %s is an answer', (_, candidate, unified) => {
    expect(gemini(candidate)).toMatchObject({ text: '', toolCalls: [], finish: { unified } });
  });

  it('Vertex: finish reasons as numbers', () => {
    expect(gemini({ content: { parts: [{ text: 'x' }] }, finishReason: 1 })).toMatchObject({
      finish: { unified: 'stop', raw: 'STOP' },
    });
    expect(gemini({ finishReason: 3 })).toMatchObject({ finish: { raw: 'SAFETY' } });
  });

  it('Gemini: absent arguments are none', () => {
    const content = { parts: [{ functionCall: { name: 'get_time' } }] };

    expect(gemini({ content, finishReason: 'STOP' })).toMatchObject({
      toolCalls: [{ name: 'get_time', arguments: {} }],
    });
  });

  it('7 Anthropic: a tool call without arguments streams no JSON at all', () => {
    const block = { type: 'tool_use', id: 'toolu_1', name: 'get_time', input: {} };
    const end = [
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
    ];
    const start = { type: 'content_block_start', index: 0, content_block: block };
    const empty = {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'input_json_delta', partial_json: '' },
    };

    for (const events of [
      [start, ...end],
      [start, empty, ...end],
    ]) {
      expect(streamFactsOf(sse(...events), { wire: 'anthropic' }).toolCalls).toEqual([
        { id: 'toolu_1', name: 'get_time', arguments: {} },
      ]);
    }
  });

  it('Anthropic: an answer of no blocks is an answer', () => {
    const body = (tokens: number) => ({
      id: 'm1',
      content: [],
      stop_reason: 'end_turn',
      usage: { input_tokens: 5, output_tokens: tokens },
    });

    expect(answerOf(body(2), { wire: 'anthropic' })).toMatchObject({ text: '' });
    expect(answerOf(body(0), { wire: 'anthropic' })).toMatchObject({ text: '' });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content-filter'],
  ])('Anthropic: %s means %s', (reason, unified) => {
    const body = { id: 'm1', content: [{ type: 'text', text: 'x' }], stop_reason: reason };

    expect(answerOf(body, { wire: 'anthropic' })).toMatchObject({ finish: { unified } });
  });

  it.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['COMPLETE', 'stop'],
    ['length', 'length'],
    ['model_length', 'length'],
    ['tool_calls', 'tool-calls'],
    ['tool_call', 'tool-calls'],
    ['content_filter', 'content-filter'],
    ['error', 'error'],
  ])('22 a vendor of the dialect that says %s means %s', (reason, unified) => {
    expect(answerOf(completion({ content: 'x' }, {}, reason))).toMatchObject({
      finish: { unified, raw: reason },
    });
  });

  it('23 Azure: a filtered answer has no message at all', () => {
    const choices = [{ index: 0, finish_reason: 'content_filter', content_filter_results: {} }];

    expect(answerOf({ id: 'c1', model: 'm', choices }, { provider: 'azure' })).toMatchObject({
      text: '',
      finish: { unified: 'content-filter' },
    });
  });

  it('23 Azure: an error body of status 200 is the error that it says', () => {
    const error = {
      message: 'The response was filtered',
      code: 'content_filter',
      status: 400,
      innererror: { code: 'ResponsibleAIPolicyViolation' },
    };

    expect(answerOf({ error }, { provider: 'azure' })).toMatchObject({
      kind: 'policy',
      code: 'content_filter',
      status: 400,
    });
  });

  it('Ollama: arguments as an object, calls without ids', () => {
    const calls = [{ function: { name: 'get_time', arguments: { zone: 'UTC' } } }];

    expect(
      answerOf(completion({ content: '', tool_calls: calls }, {}, 'tool_calls')),
    ).toMatchObject({
      toolCalls: [{ id: 'call_c1_0', name: 'get_time', arguments: { zone: 'UTC' } }],
    });
  });

  it('Google behind the dialect: the signature of a call stays with it', () => {
    const content = { google: { thought_signature: 'c2ln' } };
    const call = {
      id: 'a',
      function: { name: 'get_time', arguments: '{}' },
      extra_content: content,
    };
    const message = { tool_calls: [call] };

    expect(answerOf(completion(message, {}, 'tool_calls'))).toMatchObject({
      toolCalls: [{ id: 'a' }],
      signatures: ['c2ln'],
    });
  });
});
