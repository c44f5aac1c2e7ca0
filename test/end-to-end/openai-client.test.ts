import { APIUserAbortError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { countingClient } from './counting-client.ts';
import { aRegistry, WIRE_MODELS } from './registries.ts';
import { callsOf, eventually, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    registry: { ...aRegistry(), models: WIRE_MODELS },
    simulator: { gapMs: 5 },
  });
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

const WEATHER: ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const TIME: ChatCompletionTool = {
  type: 'function',
  function: { name: 'get_time', parameters: { type: 'object', properties: {} } },
};
const TWO_CALLS = '[[call: get_weather {"city":"Oslo"}]] [[call: get_time {}]]';

const TOOLS_SAID = /^The tools say: .*rain.* and .*noon/;

/** One pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe.each(Object.keys(WIRE_MODELS))('the openai client on %s', (model) => {
  const ask = (text: string) => ({ model, messages: [{ role: 'user' as const, content: text }] });

  it('creates a completion', async () => {
    const { client } = countingClient(stage);

    const { data, response } = await client.chat.completions
      .create(ask('[[say: Hello there]]'))
      .withResponse();

    expect(data.object).toBe('chat.completion');
    expect(data.model).toBe(model);
    expect(data.choices).toHaveLength(1);
    expect(data.choices[0]?.message).toMatchObject({ role: 'assistant', content: 'Hello there' });
    expect(data.choices[0]?.finish_reason).toBe('stop');
    const { usage } = data;
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
    expect(usage?.completion_tokens).toBe(3);
    expect(usage).toHaveProperty('cost', Number(response.headers.get('x-router-cost-usd')));
    expect(response.headers.get('x-router-model')).toBe(model);
  });

  it('streams a completion', async () => {
    const { client } = countingClient(stage);
    const text = 'one two three four five six seven eight nine ten';

    const stream = client.chat.completions.stream({
      ...ask(`[[say: ${text}]]`),
      stream_options: { include_usage: true },
    });
    const deltas: string[] = [];
    stream.on('content', (delta) => deltas.push(delta));
    const final = await stream.finalChatCompletion();

    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(text);
    expect(final.choices[0]?.message.content).toBe(text);
    expect(final.choices[0]?.finish_reason).toBe('stop');
    expect(final.usage?.completion_tokens).toBe(12);
  });

  it('calls tools in parallel and takes their results', async () => {
    const { client } = countingClient(stage);
    const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: TWO_CALLS }];

    const asked = await client.chat.completions.create({
      model,
      messages,
      tools: [WEATHER, TIME],
    });

    const [choice] = asked.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    const calls = choice?.message.tool_calls ?? [];
    const functions = calls.map((call) => call.type === 'function' && call.function);
    expect(functions).toEqual([
      { name: 'get_weather', arguments: '{"city":"Oslo"}' },
      { name: 'get_time', arguments: '{}' },
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);

    const answered = await client.chat.completions.create({
      model,
      messages: [
        ...messages,
        ...(choice === undefined ? [] : [choice.message]),
        ...calls.map(({ id }, at) => ({
          role: 'tool' as const,
          tool_call_id: id,
          content: ['rain', 'noon'][at] ?? '',
        })),
      ],
      tools: [WEATHER, TIME],
    });

    expect(answered.choices[0]?.message.content).toMatch(TOOLS_SAID);
  });

  it('streams parallel tool calls', async () => {
    const { client } = countingClient(stage);

    const stream = client.chat.completions.stream({ ...ask(TWO_CALLS), tools: [WEATHER, TIME] });
    const { choices } = await stream.finalChatCompletion();

    const calls = choices[0]?.message.tool_calls ?? [];
    expect(calls.map((call) => call.type === 'function' && call.function.name)).toEqual([
      'get_weather',
      'get_time',
    ]);
    expect(calls.map((call) => call.type === 'function' && call.function.arguments)).toEqual([
      '{"city":"Oslo"}',
      '{}',
    ]);
    expect(choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('parses an answer that follows a JSON schema', async () => {
    const { client } = countingClient(stage);
    const person = z.object({ name: z.string(), age: z.number() });

    const { choices } = await client.chat.completions.parse({
      ...ask('[[say: {"name":"Ada","age":36}]]'),
      response_format: zodResponseFormat(person, 'person'),
    });

    expect(choices[0]?.message.parsed).toEqual({ name: 'Ada', age: 36 });
  });

  it('shows an image', async () => {
    const { client } = countingClient(stage);

    const { choices } = await client.chat.completions.create({
      model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
          ],
        },
      ],
    });

    expect(choices[0]?.message.content).toContain('I was given image/png (70 bytes)');
  });

  it('aborts a stream', async () => {
    const { client } = countingClient(stage);

    const stream = await client.chat.completions.create({
      ...ask('[[tokens: 5000]]'),
      stream: true,
    });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) break;
    }

    await eventually(() => callOf(model)?.clientLeftAt !== undefined, 2000);
  });

  it('aborts a call that has not been answered', async () => {
    stage.simulator.setPlan([{ fault: 'F44' }]);
    const { client, sent } = countingClient(stage);
    const leaving = new AbortController();

    const call = client.chat.completions.create(ask('Hello'), { signal: leaving.signal });
    await eventually(() => callOf(model) !== undefined);
    leaving.abort();

    await expect(call).rejects.toBeInstanceOf(APIUserAbortError);
    expect(sent()).toBe(1);
  });
});

function callOf(model: string) {
  const upstream = WIRE_MODELS[model as keyof typeof WIRE_MODELS].upstreamModel; // a key of them
  return callsOf(stage, upstream ?? model.split('/')[1] ?? '')[0];
}

it('the openai client lists the models and finds one of them by its id', async () => {
  const { client } = countingClient(stage);

  const { data } = await client.models.list();
  const one = await client.models.retrieve('anthropic/second');

  expect(data.map(({ id }) => id)).toEqual(Object.keys(WIRE_MODELS));
  expect(one).toMatchObject({ id: 'anthropic/second', object: 'model', owned_by: 'anthropic' });
});
