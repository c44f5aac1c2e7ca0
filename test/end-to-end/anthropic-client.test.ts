import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { aRegistry, WIRE_MODELS } from './registries.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let client: Anthropic;
beforeAll(async () => {
  stage = await openStage({
    registry: { ...aRegistry(), models: WIRE_MODELS },
    simulator: { gapMs: 5 },
  });
  client = new Anthropic({ baseURL: stage.url, apiKey: DEVELOPMENT_KEY });
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.simulator.reset();
  received().length = 0;
});

const WEATHER: Anthropic.Tool = {
  name: 'get_weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const TIME: Anthropic.Tool = { name: 'get_time', input_schema: { type: 'object', properties: {} } };
const TWO_CALLS = '[[call: get_weather {"city":"Oslo"}]] [[call: get_time {}]]';
const TOOLS_SAID = /^The tools say: .*rain.* and .*noon/;

/** One pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Those that can be told to call one tool at a time. */
const ONE_AT_A_TIME = ['openai/first', 'anthropic/second', 'openai/fourth'];

/** The bodies that reached the simulated providers. */
function received(): string[] {
  return stage.received as string[]; // the stage's own list, emptied between tests
}

describe.each(Object.keys(WIRE_MODELS))('the Anthropic client on %s', (model) => {
  const ask = (text: string) => ({
    model,
    max_tokens: 2000,
    messages: [{ role: 'user' as const, content: text }],
  });

  it('creates a message', async () => {
    const { data, response, request_id } = await client.messages
      .create({ ...ask('[[say: Hello there]]'), system: 'Be brief.' })
      .withResponse();

    expect(data).toMatchObject({ type: 'message', role: 'assistant', model });
    expect(data.content).toMatchObject([{ type: 'text', text: 'Hello there' }]);
    expect(data.stop_reason).toBe('end_turn');
    expect(data.usage.input_tokens).toBeGreaterThan(0);
    expect(data.usage.output_tokens).toBe(3);
    const cost = Number(response.headers.get('x-router-cost-usd'));
    expect(data.usage).toHaveProperty('cost', cost);
    expect(request_id).toBe(response.headers.get('x-router-request-id'));
    expect(received()[0]).toContain('Be brief.');
  });

  it('streams a message', async () => {
    const text = 'one two three four five six seven eight nine ten';

    const stream = client.messages.stream(ask(`[[say: ${text}]]`));
    const pieces: string[] = [];
    stream.on('text', (piece) => pieces.push(piece));
    const message = await stream.finalMessage();

    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(text);
    expect(message.content).toMatchObject([{ type: 'text', text }]);
    expect(message.stop_reason).toBe('end_turn');
    expect(message.usage.output_tokens).toBe(12);
    expect(message.usage.input_tokens).toBeGreaterThan(0);
  });

  it('streams the cost where it was asked for', async () => {
    const asking = { ...ask('[[say: Hi]]'), usage: { include: true } };

    const deltas: unknown[] = [];
    for await (const event of await client.messages.create({ ...asking, stream: true })) {
      if (event.type === 'message_delta') deltas.push(event.usage);
    }

    expect(deltas).toEqual([expect.objectContaining({ cost: expect.any(Number) })]);
  });

  it.each([false, true])(
    'calls tools in parallel and takes their results, streamed: %s',
    async (isStreamed) => {
      const send = (request: Anthropic.MessageCreateParamsNonStreaming) =>
        isStreamed
          ? client.messages.stream(request).finalMessage()
          : client.messages.create(request);
      const tools = [WEATHER, TIME];
      const asking = { ...ask(TWO_CALLS), tools };

      const asked = await send(asking);

      expect(asked.stop_reason).toBe('tool_use');
      const calls = asked.content.filter((block) => block.type === 'tool_use');
      expect(calls.map(({ name, input }) => [name, input])).toEqual([
        ['get_weather', { city: 'Oslo' }],
        ['get_time', {}],
      ]);
      expect(new Set(calls.map(({ id }) => id)).size).toBe(2);

      const results = calls.map(
        ({ id }, at): Anthropic.ToolResultBlockParam => ({
          type: 'tool_result',
          tool_use_id: id,
          content: [{ type: 'text', text: ['rain', 'noon'][at] ?? '' }],
        }),
      );
      const answered = await send({
        ...asking,
        messages: [
          ...asking.messages,
          { role: 'assistant', content: asked.content },
          { role: 'user', content: results },
        ],
      });

      const [answer] = answered.content;
      expect(answer).toMatchObject({ type: 'text', text: expect.stringMatching(TOOLS_SAID) });
    },
  );

  it('forces one call of a tool, or says that the model cannot be told to', async () => {
    const asking = client.messages.create({
      ...ask(TWO_CALLS),
      tools: [WEATHER, TIME],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });

    if (!ONE_AT_A_TIME.includes(model)) {
      await expect(asking).rejects.toThrow('single-tool-call');
      return;
    }
    const { content } = await asking;
    expect(content.filter(({ type }) => type === 'tool_use')).toHaveLength(1);
  });

  it('shows an image', async () => {
    const image: Anthropic.ImageBlockParam = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: PNG },
    };
    const content = [image, { type: 'text' as const, text: 'What is this?' }];

    const message = await client.messages.create({
      ...ask(''),
      messages: [{ role: 'user', content }],
    });

    expect(message.content).toMatchObject([
      { type: 'text', text: expect.stringContaining('I was given image/png (70 bytes)') },
    ]);
  });

  it.each([false, true])(
    'thinks when asked to, and takes its thinking back, streamed: %s',
    async (isStreamed) => {
      const request: Anthropic.MessageCreateParamsNonStreaming = {
        ...ask('[[think: Let me see.]] [[say: Hi]]'),
        thinking: { type: 'enabled', budget_tokens: 1024 },
      };

      const { content } = isStreamed
        ? await client.messages.stream(request).finalMessage()
        : await client.messages.create(request);

      expect(content).toMatchObject([
        { type: 'thinking', thinking: 'Let me see.', signature: expect.any(String) },
        { type: 'text', text: 'Hi' },
      ]);
      const next = await client.messages.create({
        ...request,
        messages: [
          ...request.messages,
          { role: 'assistant', content },
          { role: 'user', content: '[[say: Again]]' },
        ],
      });
      expect(next.content.at(-1)).toMatchObject({ type: 'text', text: 'Again' });
      expect(received().at(-1)).not.toContain('pointsman');
    },
  );

  // The Responses API takes no stop sequences: such a model is refused.
  it.skipIf(model === 'openai/fourth')('stops where it is told to', async () => {
    const message = await client.messages.create({
      ...ask('[[say: one two END three]]'),
      stop_sequences: ['END'],
    });

    expect(message.content).toMatchObject([{ type: 'text', text: 'one two ' }]);
    // Only these two wires say that it was a sequence, and which.
    const isTold = model === 'anthropic/second' || model === 'bedrock/fifth';
    expect(message.stop_reason).toBe(isTold ? 'stop_sequence' : 'end_turn');
    expect(message.stop_sequence).toBe(isTold ? 'END' : null);
  });

  it('writes JSON by a schema', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };

    const { content } = await client.messages.create({
      ...ask('Oslo'),
      output_config: { format: { type: 'json_schema', schema } },
    });

    const [block] = content;
    expect(block?.type === 'text' && JSON.parse(block.text)).toEqual({ city: 'Oslo' });
  });

  it('ends by its limit', async () => {
    const message = await client.messages.create({ ...ask('[[tokens: 50]]'), max_tokens: 10 });
    expect(message.stop_reason).toBe('max_tokens');
  });

  it('counts the tokens of a request without asking its model', async () => {
    const { max_tokens: _, ...request } = ask('word '.repeat(100));

    const { input_tokens: tokens } = await client.messages.countTokens(request);

    expect(tokens).toBeGreaterThan(80);
    expect(stage.simulator.calls()).toEqual([]);
  });
});
