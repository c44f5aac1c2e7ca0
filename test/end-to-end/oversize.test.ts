import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEntry } from './registries.ts';
import { chat, eventually, openStage, read, type Stage } from './stage.ts';

const LONG = 'The quick brown fox jumps over the lazy dog. '.repeat(1000);

let stage: Stage;
beforeAll(async () => {
  const small = { maxContextTokens: 8000, maxOutputTokens: 2000 };
  stage = await openStage({
    registry: { models: { 'openai/small': anEntry('openai', 0.001, small) } },
  });
});
afterAll(() => stage.close());

function ask(fields: object): Promise<Response> {
  stage.reset();
  const messages = [{ role: 'user', content: `Summarize this.\n\n${LONG}` }];
  return chat(stage, { model: 'auto', messages, ...fields });
}

/** Every call of the request that the last answer was for. */
async function linesOf(response: Response): Promise<readonly { costNanoUsd: number }[]> {
  const path = `/v1/generations/${response.headers.get('x-router-request-id')}`;
  type Entry = { lines: readonly { costNanoUsd: number }[] };
  let entry: Entry | undefined;
  await eventually(async () => {
    entry = await read<Entry>(stage, path).catch(() => undefined);
    return entry !== undefined;
  });
  return entry?.lines ?? [];
}

describe('a text that fits no window', () => {
  it('is refused without a call, with the largest window named', async () => {
    const response = await ask({});

    expect(response.status).toBe(422);
    expect(await response.text()).toContain('the largest window is 8000 tokens');
    expect(stage.received).toEqual([]);
  });

  it('is answered in parts where the caller allows it, each of them booked', async () => {
    const response = await ask({ routing: { oversize: 'chunk' } });

    const body = JSON.parse(await response.text());
    const lines = await linesOf(response);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-router-warnings')).toContain('parts');
    expect(stage.received).toHaveLength(3);
    expect(lines).toHaveLength(3);
    const total = lines.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
    expect(body.usage.cost).toBeCloseTo(total / 1e9, 12);
    expect(Number(response.headers.get('x-router-cost-usd'))).toBeCloseTo(total / 1e9, 12);
  });

  it('comes to a caller of a stream as a stream', async () => {
    const response = await ask({ stream: true, routing: { oversize: 'chunk' } });

    const text = await response.text();
    expect(text).toContain('data: {');
    expect(text).toContain('data: [DONE]');
    expect(await linesOf(response)).toHaveLength(3);
  });

  it('is shown by a dry run as what it would become', async () => {
    const response = await fetch(`${stage.url}/v1/route`, {
      method: 'POST',
      headers: { authorization: 'Bearer pm-development-key', 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'auto',
        messages: [{ role: 'user', content: LONG }],
        routing: { oversize: 'chunk' },
      }),
    });

    expect(await response.json()).toMatchObject({ selectedModel: 'openai/small', parts: 2 });
  });
});
