import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anEntry } from './registries.ts';
import { chat, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  const registry = {
    'openai/m': anEntry('openai', 0.001),
    'deepseek/m': anEntry('deepseek', 0.001),
  };
  stage = await openStage({ registry, simulator: { gapMs: 5 } });
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

/*
 * A stream as no serializer of ours would write it: odd spaces and orders, fields that nobody knows,
 * comments, a character cut in its middle, an escape that need not be one.
 */
const HEAD =
  ': ping\n\ndata:  {"id":"c1", "object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""}}], "x_unknown": {"a" : 1.50}}\n\n';
const CONTENT =
  'data: {"choices":[{"delta":{"content":"H\\u00e9llo \u{1f682}"},"index":0,"finish_reason":null}],"id":"c1","model":"m-2026-11-01"}\n\n';
const MORE =
  'event: message\nid: 7\ndata: {"id":"c1","choices":[{"index":0,"delta":{"content":" – goodbye"},"logprobs":null}]}\n\n: still here\n\n';
const FINISH = 'data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
const USAGE =
  'data: {"id":"c1","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}\n\n';
const DONE = 'data: [DONE]\n\n';

/** One event per piece, but one cut inside its emoji. */
function play(events: readonly string[]): void {
  const bytes = new TextEncoder().encode(events.join(''));
  const inEmoji = bytes.indexOf(0xf0) + 2;
  stage.simulator.setPlan([
    {
      recorded: {
        status: 200,
        headers: { 'content-type': 'text/event-stream' },
        chunks: [bytes.slice(0, inEmoji), bytes.slice(inEmoji, -40), bytes.slice(-40)],
      },
    },
  ]);
}

const ASKING = { stream: true, messages: [{ role: 'user', content: 'Hello' }] };
/** 1,500 tokens at a tenth of a cent per thousand. */
const COST = '{"cost":0.0015,"cost_details":{"upstream_cost":null,"is_estimated":false}}';

describe('a stream of the caller’s own dialect', () => {
  const WITH_USAGE = { ...ASKING, stream_options: { include_usage: true } };

  it('comes byte for byte, with a comment on its cost behind it', async () => {
    const events = [HEAD, CONTENT, MORE, FINISH, USAGE, DONE];
    play(events);

    const response = await chat(stage, { model: 'openai/m', ...WITH_USAGE });

    expect(await response.text()).toBe(`${events.join('')}: ${COST}\n\n`);
  });

  it('comes byte for byte from a vendor that sends usage unasked', async () => {
    const events = [
      HEAD,
      CONTENT,
      MORE,
      FINISH.replace('"choices"', '"usage":null,"choices"'),
      DONE,
    ];
    play(events);

    const text = await (await chat(stage, { model: 'deepseek/m', ...ASKING })).text();

    expect(text.startsWith(events.join(''))).toBe(true);
    expect(text.slice(events.join('').length)).toMatch(COMMENT);
  });

  it('F53 gets the terminal event that its provider left out', async () => {
    const events = [HEAD, CONTENT, MORE, FINISH, USAGE];
    play(events);

    const text = await (await chat(stage, { model: 'openai/m', ...WITH_USAGE })).text();

    expect(text).toBe(`${events.join('')}${DONE}: ${COST}\n\n`);
  });

  it('loses its usage, and no other event, where the caller did not ask for it', async () => {
    play([HEAD, CONTENT, MORE, FINISH, USAGE, DONE]);

    const text = await (await chat(stage, { model: 'openai/m', ...ASKING })).text();

    expect(dataIn(text)).toEqual([...dataIn(HEAD + CONTENT + MORE + FINISH), '[DONE]']);
  });

  it('carries the cost in its usage where the caller asked for it', async () => {
    play([HEAD, CONTENT, MORE, FINISH, USAGE, DONE]);

    const body = { model: 'openai/m', ...ASKING, usage: { include: true } };
    const text = await (await chat(stage, body)).text();

    const data = dataIn(text);
    expect(data.slice(0, 4)).toEqual(dataIn(HEAD + CONTENT + MORE + FINISH));
    expect(JSON.parse(data[4] ?? '').usage).toEqual({
      prompt_tokens: 1000,
      completion_tokens: 500,
      total_tokens: 1500,
      ...JSON.parse(COST),
    });
    expect(data.slice(5)).toEqual(['[DONE]']);
  });
});

const COMMENT = /^: \{"cost":[^\n]*\}\n\n$/;

/** The data of each event, as it stands there. */
function dataIn(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line.startsWith('data:'));
  return lines.map((line) => line.slice('data:'.length).trimStart());
}

describe('a body of the provider’s own dialect', () => {
  /** Odd in every way that JSON allows. */
  const MEMBERS = {
    messages: '[ {"content":"H\\u00e9llo \\ud83d\\ude82", "role":"user" , "name":"ada"} ]',
    tools:
      '[{"type":"function","function":{"parameters":{"type":"object","properties":{"b":{},"a":{"const":1.0}}},"name":"f"}}]',
    temperature: '1.00',
    user: '"u\\/1"',
    store: 'false',
  };
  const members = Object.entries(MEMBERS).map(([name, text]) => `"${name}" :${text}`);

  it('arrives as it was, with only what must change set anew', async () => {
    const body = `{ "model":"openai/m",\n${members.join(' ,\n ')}, "routing" : {"task":"chat"} }`;

    await (await chat(stage, body)).text();

    expect(stage.received).toEqual([`{${members.join(',')},"model":"m"}`]);
  });

  it('arrives with the settings of its stream set anew', async () => {
    const body = `{"stream":true, "model":"openai/m",${members.join(',')}}`;

    await (await chat(stage, body)).text();

    const settings = '"model":"m","stream":true,"stream_options":{"include_usage":true}';
    expect(stage.received).toEqual([`{${members.join(',')},${settings}}`]);
  });
});
