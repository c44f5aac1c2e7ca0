import { describe, expect, it } from 'vitest';
import { describeRecorded } from '../../../support/describe-recorded.ts';
import { chunk, partsOf, sse, streamFactsOf } from '../../../support/quirk-replies.ts';
import { recordedFacts, recordedParts } from '../../../support/recorded-call.ts';
import { recordingOf, recordingsWhere } from '../../../support/recording-by-id.ts';
import { isStream } from '../../../support/recordings.ts';

const factsOf = (id: string) => recordedFacts(recordingOf(id));
const partsIn = (id: string) => recordedParts(recordingOf(id));

/** Recorded streams of some providers that end well. */
const streamsOf = (...providers: readonly string[]) =>
  recordingsWhere(
    (recording) =>
      isStream(recording) &&
      providers.includes(recording.provider) &&
      !recording.kind.includes('error_in_stream'),
  );

describeRecorded('streams, as recorded', () => {
  it('10 Groq: an error inside the stream has its own status and is worth another try', () => {
    expect(partsIn('groq.openai-chat.924ea98e4a').at(-1)).toMatchObject({
      type: 'error',
      failure: { kind: 'malformed', code: 'tool_use_failed', status: 400, retryable: true },
    });
  });

  it('10 OpenRouter: the error is the only event; nothing was said before it', () => {
    expect(partsIn('openrouter.openai-chat.d9e1becc26')).toMatchObject([
      { type: 'error', failure: { kind: 'route', code: 'server_error', status: 502 } },
    ]);
  });

  it('11 Azure: the first chunk names nothing; id and model are those of the next', () => {
    expect(factsOf('azure.openai-chat.3f01ab6dfa')).toMatchObject({
      upstreamId: 'chatcmpl-Ch2OkgkLHcM2xG68wijJqT4l2VubX',
      upstreamModel: 'gpt-4.1-mini-2025-04-14',
    });
  });

  it('12 OpenRouter: the chunk with usage does not overwrite the finish reason', () => {
    expect(factsOf('openrouter.openai-chat.0ca5d94989').finish).toEqual({
      unified: 'stop',
      raw: 'stop',
    });
  });

  it('OpenRouter: stop behind tool_calls is still a tool call', () => {
    expect(factsOf('openrouter.openai-chat.44fce14c1b').finish).toEqual({
      unified: 'tool-calls',
      raw: 'stop',
    });
  });

  it('OpenAI and Azure: a forced tool call ends with stop', () => {
    expect(factsOf('openai.openai-chat.e9e4ef12c6').finish.unified).toBe('tool-calls');
    expect(factsOf('azure.openai-chat.3f01ab6dfa').finish.unified).toBe('tool-calls');
  });

  it('15 no [DONE]: the finish reason is a terminal sign of its own', () => {
    const silent = streamsOf('cerebras', 'perplexity', 'huggingface', 'google-gemini').filter(
      ({ response }) => !response.body.includes('[DONE]'),
    );

    expect(silent.length).toBeGreaterThan(10);
    for (const recording of silent) {
      expect(recordedParts(recording).some(({ type }) => type === 'finish')).toBe(true);
    }
  });

  it('16 OpenRouter: comments, up to dozens of them before the first data, say nothing', () => {
    const commented = streamsOf('openrouter').filter(({ response }) =>
      response.body.startsWith(': OPENROUTER PROCESSING'),
    );

    expect(commented.length).toBeGreaterThan(0);
    for (const recording of commented) expect(recordedParts(recording).at(0)?.type).toBe('start');
  });

  it('16 Anthropic: a ping says nothing, wherever it stands', () => {
    const pinged = streamsOf('anthropic', 'azure', 'google-vertex').filter(({ response }) =>
      response.body.includes('event: ping'),
    );

    expect(pinged.length).toBeGreaterThan(10);
    for (const recording of pinged) expect(recordedParts(recording).at(-1)?.type).toBe('done');
  });

  it('17 line ends of \\r\\n (Gemini), of both kinds (Perplexity), JSON padded with blanks (Anthropic)', () => {
    const some = [
      'google-gemini.gemini-generate.5001e4a02e',
      'perplexity.openai-chat.b6da3c2d05',
      'anthropic.anthropic-messages.26e7701c07',
    ].map(recordingOf);
    const [gemini, perplexity, anthropic] = some.map(({ response }) => response.body);

    expect(gemini).toContain('\r\n\r\n');
    expect(perplexity).toContain('\r\n');
    expect(anthropic).toMatch(PADDED);
    for (const recording of some)
      expect(recordedFacts(recording).finish.unified).not.toBe('unknown');
  });

  it('18 Mistral: whole tool calls stand in one chunk with finish reason and usage', () => {
    const { toolCalls, finish, usage } = factsOf('mistral.openai-chat.c22267dbc2');

    expect(toolCalls).toMatchObject([
      { name: 'alpha', arguments: { value: 'red' } },
      { name: 'beta', arguments: { value: 'blue' } },
    ]);
    expect(finish.unified).toBe('tool-calls');
    expect(usage).toMatchObject({ input: 148, output: 19, cacheRead: 128 });
  });

  it('20 Workers AI: chunks without a role', () => {
    const [recording] = streamsOf('cloudflare-workers-ai');

    expect(recording?.response.body).not.toContain('"role":"assistant"');
    expect(recording && recordedFacts(recording).text).not.toBe('');
  });

  it('Groq: arguments of null are none', () => {
    expect(factsOf('groq.openai-chat.5b083d1214').toolCalls).toMatchObject([
      { name: 'lookup_harbor_label', arguments: {} },
      { name: 'lookup_orchard_label', arguments: {} },
    ]);
  });

  it('Perplexity: the message is the truth, whose deltas repeat; its sources come once', () => {
    const { text, citations } = factsOf('perplexity.openai-chat.b6da3c2d05');
    const { body } = recordingOf('perplexity.openai-chat.b6da3c2d05').response;

    expect(body).toContain(JSON.stringify(text));
    expect(new Set(citations).size).toBe(citations.length);
    expect(citations.length).toBeGreaterThan(0);
  });

  it('Vertex and Gemini: a stream without alt=sse is one JSON list', () => {
    const lists = streamsOf('google-vertex', 'google-gemini').filter(({ response }) =>
      response.body.trimStart().startsWith('['),
    );

    expect(lists).toHaveLength(2);
    for (const recording of lists) expect(recordedFacts(recording).text).not.toBe('');
  });
});

const PADDED = /"message_stop"\s+\}/;

describe('streams, by documentation', () => {
  it('10 OpenRouter: an error next to ordinary fields of a chunk', () => {
    const error = { code: 429, message: 'Rate limit' };
    const text = sse(chunk({ content: 'x' }), chunk({ content: '' }, { error }, 'error'));

    expect(partsOf(text, { provider: 'openrouter' }).at(-1)).toMatchObject({
      type: 'error',
      failure: { kind: 'rate', status: 429 },
    });
  });

  it('10 an event that is called error is one, whatever it holds', () => {
    expect(partsOf('event: error\ndata: {"message":"no","code":503}\n\n')).toMatchObject([
      { type: 'error', failure: { status: 503 } },
    ]);
  });

  it('vLLM: an error without a wrapper', () => {
    const body = { object: 'error', message: 'no', type: 'BadRequestError', code: 400 };

    expect(partsOf(sse(body))).toMatchObject([{ type: 'error', failure: { kind: 'client' } }]);
  });

  it('12 a chunk with usage alone has no choices', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2 };
    const parts = partsOf(sse({ id: 'c1', choices: [], usage }));

    expect(parts.map(({ type }) => type)).toEqual(['start', 'usage']);
  });

  it('18 old Mistral: tool calls without index and type, together or one by one', () => {
    const call = (id: string, name: string) => ({ id, function: { name, arguments: '{}' } });
    const text = sse(
      chunk({ tool_calls: [call('aaaaaaaaa', 'one'), call('bbbbbbbbb', 'two')] }),
      chunk({ tool_calls: [call('ccccccccc', 'three')] }, {}, 'tool_calls'),
    );

    expect(streamFactsOf(text, { provider: 'mistral' }).toolCalls).toMatchObject([
      { id: 'aaaaaaaaa', name: 'one' },
      { id: 'bbbbbbbbb', name: 'two' },
      { id: 'ccccccccc', name: 'three' },
    ]);
  });

  it('21 Mistral: content is a list while it thinks, then plain text', () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] };
    const text = sse(
      chunk({ content: [thinking] }),
      chunk({ content: [{ type: 'text', text: 'Yes' }] }),
      chunk({ content: '.' }, {}, 'stop'),
    );

    expect(streamFactsOf(text, { provider: 'mistral' })).toMatchObject({
      reasoning: 'Hm.',
      text: 'Yes.',
    });
  });

  it('pieces of parallel calls that come in turns are told apart by their index', () => {
    const piece = (index: number, json: string) => ({ index, function: { arguments: json } });
    const start = (index: number, id: string) => ({ index, id, function: { name: id } });
    const text = sse(
      chunk({ tool_calls: [start(0, 'a'), start(1, 'b')] }),
      chunk({ tool_calls: [piece(1, '{"n"')] }),
      chunk({ tool_calls: [piece(0, '{"m":1}'), piece(1, ':2}')] }, {}, 'tool_calls'),
    );

    expect(streamFactsOf(text).toolCalls).toEqual([
      { id: 'a', name: 'a', arguments: { m: 1 } },
      { id: 'b', name: 'b', arguments: { n: 2 } },
    ]);
  });

  it('OpenAI: sources come as annotations behind the text', () => {
    const citation = { url: 'https://example.com/a', title: 'A' };
    const annotations = [{ type: 'url_citation', url_citation: citation }];
    const text = sse(chunk({ content: 'x' }), chunk({ annotations }, {}, 'stop'));

    expect(streamFactsOf(text).citations).toEqual(['https://example.com/a']);
  });

  it('OpenAI: a refusal is streamed in a field of its own and ends with stop', () => {
    const text = sse(
      chunk({ refusal: 'I ' }),
      chunk({ refusal: 'cannot.' }),
      chunk({}, {}, 'stop'),
    );

    expect(streamFactsOf(text)).toMatchObject({
      text: '',
      refusal: 'I cannot.',
      finish: { unified: 'stop', raw: 'stop' },
    });
  });

  it('OpenAI: a chunk behind the one with usage changes nothing', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2 };
    const text = sse(chunk({ content: 'x' }, {}, 'stop'), { choices: [], usage }, { choices: [] });

    expect(streamFactsOf(text).usage).toMatchObject({ input: 1, output: 2 });
  });

  it('Anthropic: some hosts end with the mark of another dialect', () => {
    const stop = { type: 'message_stop' };

    expect(partsOf(`${sse(stop)}data: [DONE]\n\n`, { wire: 'anthropic' })).toEqual([
      { type: 'done' },
    ]);
  });
});
