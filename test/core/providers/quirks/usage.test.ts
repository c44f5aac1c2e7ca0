import { describe, expect, it } from 'vitest';
import { adapterOf } from '../../../../src/providers/index.ts';
import { aCall, aConversation, aModel } from '../../../support/builders.ts';
import { describeRecorded } from '../../../support/describe-recorded.ts';
import { answerOf, chunk, completion, sse, streamFactsOf } from '../../../support/quirk-replies.ts';
import { recordedFacts, recordedParts } from '../../../support/recorded-call.ts';
import { recordingOf } from '../../../support/recording-by-id.ts';

const usageOf = (id: string) => recordedFacts(recordingOf(id)).usage;
const snapshots = (id: string) =>
  recordedParts(recordingOf(id)).filter(({ type }) => type === 'usage').length;

describeRecorded('usage, as recorded', () => {
  it('1 xAI: reasoning tokens are not inside completion_tokens', () => {
    // 80 + 3 + 189 = 272
    expect(usageOf('xai.openai-chat.928819614f')).toMatchObject({
      input: 80,
      output: 192,
      reasoning: 189,
    });
  });

  it('2 Gemini: thoughts stand beside candidates, which are absent when all output was thought', () => {
    expect(usageOf('google-gemini.gemini-generate.5001e4a02e')).toMatchObject({
      input: 18,
      output: 199,
      reasoning: 199,
    });
  });

  it('8 Anthropic: message_delta corrects input_tokens of message_start (2293 → 4714)', () => {
    const parts = recordedParts(recordingOf('anthropic.anthropic-messages.26e7701c07'));
    const inputs = parts.flatMap((part) =>
      part.type === 'usage' ? [part.usage.uncachedInputTokens] : [],
    );

    expect([inputs.at(0), inputs.at(-1)]).toEqual([2293, 4714]);
    expect(usageOf('anthropic.anthropic-messages.26e7701c07').output).toBe(304);
  });

  it('13 Groq: usage comes three times and is counted once', () => {
    expect(snapshots('groq.openai-chat.5b083d1214')).toBe(2);
    expect(usageOf('groq.openai-chat.5b083d1214')).toMatchObject({ input: 359, output: 35 });
  });

  it('13 Databricks: usage comes in every chunk, with completion_tokens null until the last', () => {
    expect(snapshots('databricks.openai-chat.7c9a82180b')).toBeGreaterThan(2);
    expect(usageOf('databricks.openai-chat.7c9a82180b')).toMatchObject({ input: 469, output: 10 });
  });

  it('13 Perplexity: usage comes in every chunk, cumulative', () => {
    expect(snapshots('perplexity.openai-chat.b6da3c2d05')).toBeGreaterThan(2);
  });

  it('Azure: more cached tokens than tokens (Grok) are no cached tokens', () => {
    expect(usageOf('azure.openai-chat.1b1609cede')).toMatchObject({
      input: 293,
      output: 58,
      cacheRead: undefined,
    });
  });

  it('20 Workers AI: an answer by a JSON schema has no usage at all', () => {
    expect(usageOf('cloudflare-workers-ai.openai-chat.2506a484a1')).toEqual({
      input: undefined,
      output: undefined,
      cacheRead: undefined,
      cacheWrite: undefined,
      reasoning: undefined,
    });
  });

  it('OpenRouter: says itself what the call cost', () => {
    const parts = recordedParts(recordingOf('openrouter.openai-chat.0ca5d94989'));
    const usage = parts.findLast((part) => part.type === 'usage')?.usage;

    expect(usage?.upstreamCostUsd).toBe(0.002_468_25);
  });
});

describe('usage, by documentation', () => {
  it('8 Anthropic: fields that message_delta leaves out keep their value of message_start', () => {
    const start = { input_tokens: 9, cache_read_input_tokens: 5, output_tokens: 1 };
    const events = [
      { type: 'message_start', message: { id: 'm1', usage: start } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 40 } },
      { type: 'message_stop' },
    ];

    expect(streamFactsOf(sse(...events), { wire: 'anthropic' }).usage).toMatchObject({
      input: 14,
      output: 40,
      cacheRead: 5,
    });
  });

  it('Anthropic: input_tokens leaves out both cache counts, and the hour stands apart', () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      output_tokens: 4,
    };
    const body = {
      id: 'm1',
      content: [{ type: 'text', text: 'x' }],
      stop_reason: 'end_turn',
      usage,
    };

    expect(answerOf(body, { wire: 'anthropic' })).toMatchObject({
      usage: { input: 240, cacheRead: 200, cacheWrite: 30, output: 4 },
    });
  });

  it('14 usage is asked for only of vendors that do not send it unasked', () => {
    const conversation = aConversation({ stream: true });
    const asks = (provider: string): boolean => {
      const call = aCall({ model: aModel(`${provider}/some-model`), conversation });
      return adapterOf('openai').toRequest(call).body.includes('include_usage');
    };

    expect(['openai', 'groq', 'xai', 'azure', 'together', 'openrouter'].filter(asks)).toHaveLength(
      6,
    );
    expect(['mistral', 'deepseek', 'cerebras', 'cloudflare', 'perplexity'].filter(asks)).toEqual(
      [],
    );
  });

  it('14 usage that was not asked for is hidden where it comes as a chunk of its own', () => {
    const way = (provider: string) => adapterOf('openai').nativeStream(aModel(`${provider}/x`));

    expect(way('openai')).toBe('extra-usage');
    expect(way('deepseek')).toBe('untouched');
  });

  it('DeepSeek: cached tokens in prompt_cache_hit_tokens', () => {
    const usage = { prompt_tokens: 50, completion_tokens: 5, prompt_cache_hit_tokens: 30 };

    expect(answerOf(completion({ content: 'x' }, { usage }))).toMatchObject({
      usage: { input: 50, cacheRead: 30 },
    });
  });

  it('Mistral: cached tokens in num_cached_tokens', () => {
    const usage = { prompt_tokens: 50, completion_tokens: 5, num_cached_tokens: 30 };

    expect(answerOf(completion({ content: 'x' }, { usage }))).toMatchObject({
      usage: { input: 50, cacheRead: 30 },
    });
  });

  it('Together: usage is null in all but the last chunk', () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    const text = sse(
      chunk({ content: 'x' }, { usage: null }),
      chunk({}, { usage: null }, 'eos'),
      chunk({}, { usage }),
    );

    expect(streamFactsOf(text).usage).toMatchObject({ input: 7, output: 3 });
  });

  it('1 reasoning outside the completion is known by the total, wherever Grok is hosted', () => {
    const details = { completion_tokens_details: { reasoning_tokens: 30 } };
    const counts = { prompt_tokens: 10, completion_tokens: 5 };
    const output = (total: number, provider: string) =>
      answerOf(
        completion({ content: 'x' }, { usage: { ...counts, ...details, total_tokens: total } }),
        {
          provider,
        },
      );

    expect(output(45, 'azure')).toMatchObject({ usage: { output: 35 } });
    expect(
      answerOf(completion({ content: 'x' }, { usage: { ...counts, ...details } }), {
        provider: 'xai',
      }),
    ).toMatchObject({ usage: { output: 35 } });
  });

  it.each([-1, 1.5, 1e12, '7'])('F65 a count of %s is none', (count) => {
    const usage = { prompt_tokens: count, completion_tokens: count };

    expect(answerOf(completion({ content: 'x' }, { usage }))).toMatchObject({
      usage: { input: undefined, output: undefined },
    });
  });

  it('Gemini: what tools put into the prompt is input, cached content is inside it', () => {
    const usageMetadata = {
      promptTokenCount: 100,
      cachedContentTokenCount: 60,
      toolUsePromptTokenCount: 25,
      candidatesTokenCount: 8,
      thoughtsTokenCount: 2,
      totalTokenCount: 135,
    };
    const content = { parts: [{ text: 'x' }] };
    const body = { candidates: [{ content, finishReason: 'STOP' }], usageMetadata };

    expect(answerOf(body, { wire: 'gemini' })).toMatchObject({
      usage: { input: 125, cacheRead: 60, output: 10, reasoning: 2 },
    });
  });
});
