import { zodTextFormat } from 'openai/helpers/zod';
import type { FunctionTool, Response, ResponseInput } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { countingClient } from './counting-client.ts';
import { anEntry, aRegistry } from './registries.ts';
import { eventually, openStage, type Stage } from './stage.ts';

const MODELS = {
  ...aRegistry().models,
  'openai/fourth': anEntry('openai', 0.02, { wire: 'openai-responses' }),
  'bedrock/fifth': anEntry('bedrock', 0.03, { upstreamModel: 'anthropic.claude-fifth' }),
};

let stage: Stage;
beforeAll(async () => {
  const registry = { ...aRegistry(), models: MODELS };
  stage = await openStage({ registry, simulator: { gapMs: 5 } });
});
afterAll(() => stage.close());
beforeEach(() => stage.simulator.reset());

const WEATHER: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: false,
};
const TIME: FunctionTool = {
  type: 'function',
  name: 'get_time',
  parameters: { type: 'object', properties: {} },
  strict: false,
};
const TWO_CALLS = '[[call: get_weather {"city":"Oslo"}]] [[call: get_time {}]]';
const TOOLS_SAID = /^The tools say: .*rain.* and .*noon/;

/** One pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function callsIn({ output }: Pick<Response, 'output'>) {
  return output.filter((item) => item.type === 'function_call');
}

/** The output of an answer and the results of its calls, as an agent sends them back. */
function goOn(asked: string, answer: Pick<Response, 'output'>): ResponseInput {
  const results = callsIn(answer).map(({ call_id: id, name }) => ({
    type: 'function_call_output' as const,
    call_id: id,
    output: name === 'get_time' ? 'noon' : 'rain',
  }));
  return [{ role: 'user', content: asked }, ...answer.output, ...results] as ResponseInput; // what an answer holds may be sent back
}

/** What the simulated providers give with their reasoning, as they want it back. */
const SIGNATURES: Readonly<Record<string, string>> = {
  'anthropic/second': '"signature":"c2ltdWxhdGVkLXNpZ25hdHVyZQ=="',
  'google/third': '"thoughtSignature":"c2ltdWxhdGVk"',
  'openai/fourth': '"encrypted_content":"Z0FBQUFBc2ltdWxhdGVk"',
  'bedrock/fifth': '"signature":"c2ltdWxhdGVkLXNpZ25hdHVyZQ=="',
};

describe.each(Object.keys(MODELS))('the openai client, by Responses, on %s', (model) => {
  it('creates a response', async () => {
    const { client } = countingClient(stage);

    const { data, response } = await client.responses
      .create({ model, input: '[[say: Hello there]]', metadata: { a: 'b' } })
      .withResponse();

    expect(data.object).toBe('response');
    expect(data.model).toBe(model);
    expect(data.status).toBe('completed');
    expect(data.output_text).toBe('Hello there');
    expect(data).toHaveProperty('_request_id', response.headers.get('x-router-request-id'));
    expect(data.usage?.output_tokens).toBe(3);
    expect(data.usage?.total_tokens).toBe((data.usage?.input_tokens ?? 0) + 3);
    expect(data.usage).toHaveProperty('cost', Number(response.headers.get('x-router-cost-usd')));
    expect(response.headers.get('x-router-model')).toBe(model);
  });

  it('streams a response', async () => {
    const { client } = countingClient(stage);
    const text = 'one two three four five six seven eight nine ten';

    const stream = client.responses.stream({
      model,
      instructions: 'Count.',
      input: `[[say: ${text}]]`,
    });
    const deltas: string[] = [];
    stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
    const final = await stream.finalResponse();

    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(text);
    expect(final.output_text).toBe(text);
    expect(final.status).toBe('completed');
    expect(final.usage?.output_tokens).toBe(12);
  });

  it('calls tools in parallel and takes their results', async () => {
    const { client } = countingClient(stage);
    const tools = [WEATHER, TIME];

    const asked = await client.responses.create({ model, input: TWO_CALLS, tools });
    const answered = await client.responses.create({ model, input: goOn(TWO_CALLS, asked), tools });

    const calls = callsIn(asked);
    expect(calls.map(({ name, arguments: json }) => [name, json])).toEqual([
      ['get_weather', '{"city":"Oslo"}'],
      ['get_time', '{}'],
    ]);
    expect(new Set(calls.map(({ call_id: id }) => id)).size).toBe(2);
    expect(answered.output_text).toMatch(TOOLS_SAID);
  });

  it('streams parallel tool calls', async () => {
    const { client } = countingClient(stage);

    const stream = client.responses.stream({ model, input: TWO_CALLS, tools: [WEATHER, TIME] });
    const final = await stream.finalResponse();

    expect(callsIn(final).map(({ name, arguments: json }) => [name, json])).toEqual([
      ['get_weather', '{"city":"Oslo"}'],
      ['get_time', '{}'],
    ]);
  });

  // Chat Completions has no signatures.
  it.skipIf(model === 'openai/first')('brings back what its provider signed', async () => {
    const { client } = countingClient(stage);
    const tools = [WEATHER];
    const reasoning = { effort: 'low', summary: 'auto' } as const;
    const input = '[[think: Look outside.]] [[call: get_weather {"city":"Oslo"}]]';

    const stream = client.responses.stream({ model, input, tools, reasoning });
    const asked = await stream.finalResponse();
    const answered = await client.responses.create({
      model,
      input: goOn(input, asked),
      tools,
      reasoning,
    });

    expect(callsIn(asked)).toHaveLength(1);
    expect(answered.output_text).toContain('rain');
    const [first = '', second = ''] = stage.received.slice(-2);
    expect(first).not.toContain(SIGNATURES[model]);
    expect(second).toContain(SIGNATURES[model]);
  });

  it('parses an answer that follows a JSON schema', async () => {
    const { client } = countingClient(stage);
    const person = z.object({ name: z.string(), age: z.number() });

    const { output_parsed: parsed } = await client.responses.parse({
      model,
      input: '[[say: {"name":"Ada","age":36}]]',
      text: { format: zodTextFormat(person, 'person') },
    });

    expect(parsed).toEqual({ name: 'Ada', age: 36 });
  });

  it('shows an image', async () => {
    const { client } = countingClient(stage);

    const { output_text: text } = await client.responses.create({
      model,
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'auto' },
          ],
        },
      ],
    });

    expect(text).toContain('I was given');
  });

  it('is told when the limit of the answer was reached', async () => {
    const { client } = countingClient(stage);

    const { status, incomplete_details: details } = await client.responses.create({
      model,
      input: '[[tokens: 100]]',
      max_output_tokens: 20,
    });

    expect(status).toBe('incomplete');
    expect(details).toEqual({ reason: 'max_output_tokens' });
  });

  it('aborts a stream', async () => {
    const { client } = countingClient(stage);

    const stream = await client.responses.create({
      model,
      input: '[[tokens: 5000]]',
      stream: true,
    });
    for await (const { type } of stream) if (type === 'response.output_text.delta') break;

    await eventually(() => stage.simulator.calls()[0]?.clientLeftAt !== undefined, 2000);
  });
});
