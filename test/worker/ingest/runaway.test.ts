import { beforeAll, describe, expect, it, vi } from 'vitest';
import { aModelEntry } from '../../support/builders.ts';
import { ask, CHAT, post } from '../app.ts';
import { bindings } from '../bindings.ts';

/** As little as a model may write to answer any chat. */
const MOST_TOKENS = 1024;
const DOCUMENT = {
  models: { 'openai/first': aModelEntry({ provider: 'openai', maxOutputTokens: MOST_TOKENS }) },
};
/** The simulator writes four characters a token. */
const TOKENS = 1_000_000;
const PATIENCE = { timeout: 10_000, interval: 50 };

beforeAll(async () => {
  await bindings.REGISTRY.put('registry', JSON.stringify(DOCUMENT));
  await vi.waitFor(async () => {
    const { registry } = await (await ask('/health')).json<{ registry: { models: number } }>();
    expect(registry.models).toBe(1);
  }, PATIENCE);
});

type Chunk = {
  readonly choices: readonly {
    readonly delta: { readonly content?: string };
    readonly finish_reason: string | null;
  }[];
};

describe('a stream that its provider never ends (F61)', () => {
  it.each([
    ['that passes as it comes', { stream_options: { include_usage: true } }],
    ['of which events are left out', {}],
  ])('%s ends by its limit', async (_, fields) => {
    const messages = [{ role: 'user', content: `[[tokens: ${TOKENS}]]` }];

    const response = await post(CHAT, { model: 'auto', messages, stream: true, ...fields });
    const events = (await response.text()).split('\n\n').filter((text) => text !== '');

    expect(events.at(-1)).toBe('data: [DONE]');
    const chunks = events.slice(0, -1).map((text) => JSON.parse(text.slice(6)) as Chunk);
    const choices = chunks.flatMap((chunk) => chunk.choices);
    const text = choices.map(({ delta }) => delta.content ?? '').join('');
    expect(choices.at(-1)).toMatchObject({ delta: {}, finish_reason: 'length' });
    expect(text.length).toBeGreaterThan(MOST_TOKENS * 16);
    expect(text.length).toBeLessThan(TOKENS * 4 - 1);
  });
});
