import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { aRegistry } from './registries.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let client: Anthropic;
beforeAll(async () => {
  stage = await openStage({ registry: aRegistry() });
  client = new Anthropic({ baseURL: stage.url, apiKey: DEVELOPMENT_KEY });
});
afterAll(() => stage.close());
beforeEach(() => stage.simulator.reset());

const TOOLS: readonly Anthropic.Tool[] = ['get_weather', 'get_time'].map((name) => ({
  name,
  input_schema: { type: 'object', properties: {} },
}));

describe('a signature of one wire', () => {
  it('reaches it again behind a tool call, and no other', async () => {
    const asking = {
      model: 'google/third',
      max_tokens: 500,
      tools: [...TOOLS],
      messages: [{ role: 'user' as const, content: '[[call: get_weather]] [[call: get_time]]' }],
    };
    const { content } = await client.messages.create(asking);
    const results = content
      .filter((block) => block.type === 'tool_use')
      .map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'rain' }));
    const messages: Anthropic.MessageParam[] = [
      ...asking.messages,
      { role: 'assistant', content },
      { role: 'user', content: results },
    ];

    for (const model of ['google/third', 'openai/first', 'anthropic/second']) {
      await client.messages.create({ ...asking, model, messages });
    }

    const [, toGoogle, ...toOthers] = stage.received;
    const turn = JSON.parse(toGoogle ?? '').contents.at(-2);
    expect(turn.parts).toMatchObject([
      { functionCall: { name: 'get_weather' }, thoughtSignature: expect.any(String) },
      { functionCall: { name: 'get_time' } },
    ]);
    const signature = turn.parts[0].thoughtSignature;
    expect(toOthers).toHaveLength(2);
    for (const body of toOthers) expect(body).not.toContain(signature);
  });
});

describe('a preview of the dialect', () => {
  it('is passed on to its own provider as far as it changes the shape alone', async () => {
    const asked = ['interleaved-thinking-2025-05-14', 'files-api-2025-04-14'];

    const { response } = await client.beta.messages
      .create({
        model: 'anthropic/second',
        max_tokens: 100,
        betas: asked,
        messages: [{ role: 'user', content: 'Hello' }],
      })
      .withResponse();

    const [call] = stage.simulator.calls();
    expect(call?.headers['anthropic-beta']).toBe('interleaved-thinking-2025-05-14');
    expect(response.headers.get('x-router-warnings')).toBe(
      'the preview files-api-2025-04-14 was not passed on',
    );
  });
});

describe('a dry run of a Messages body', () => {
  it('is read as what it is', async () => {
    const body = {
      model: 'auto',
      max_tokens: 5000,
      system: 'Be brief.',
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      messages: [{ role: 'user', content: 'Hello' }],
    };

    const response = await fetch(`${stage.url}/v1/route`, {
      method: 'POST',
      headers: { 'x-api-key': DEVELOPMENT_KEY, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

    const decision = (await response.json()) as { rejections: { reason: string }[] };
    expect(decision).toMatchObject({ selectedModel: 'anthropic/second' });
    expect(decision.rejections.map(({ reason }) => reason)).toEqual([
      'other-dialect',
      'other-dialect',
    ]);
  });
});
