import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBody, CHAT, errorOf, openWorker, post } from '../app.ts';
import { playedCalls, playFaults } from '../simulator.ts';

beforeAll(openWorker);
beforeEach(() => playFaults([]));

/** Whatever is refused here costs nothing: no provider hears of it. */
afterEach(async () => expect(await playedCalls()).toEqual([]));

const MEGABYTE = 1024 * 1024;

/** So many megabytes of a JSON text that never ends, without a length in its headers. */
function endless(megabytes: number): ReadableStream {
  const chunk = new TextEncoder().encode('x'.repeat(MEGABYTE));
  let left = megabytes;
  return new ReadableStream({
    pull: (controller) => {
      left -= 1;
      controller.enqueue(chunk);
      if (left === 0) controller.close();
    },
  });
}

describe('a body', () => {
  it.each([
    ['', 'empty'],
    ['{"model":"auto",}', 'with a trailing comma'],
    ['{"model":"auto"', 'that is cut off'],
    ['{"temperature":NaN}', 'with NaN'],
    ["{'model':'auto'}", 'with single quotes'],
    ['[{"model":"auto"}]', 'that is a list'],
    ['"model"', 'that is a string'],
    ['\ufeff{"model":"auto"}', 'with a byte order mark (A06)'],
    [`${'[ '.repeat(100_000)}`, 'nested without end (A02)'],
  ])('A01 is refused with the place of its fault: %#', async (body) => {
    const { status, code, type, message } = await errorOf(await post(CHAT, body));

    expect({ status, code, type }).toEqual({
      status: 400,
      code: 'invalid_json',
      type: 'invalid_request_error',
    });
    expect(message).toMatch(AT_CHARACTER);
  });

  it('A06 is refused when it is not UTF-8', async () => {
    const bytes = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d]));
        controller.close();
      },
    });

    const error = await errorOf(await post(CHAT, bytes));

    expect(error).toMatchObject({ status: 400, code: 'invalid_json' });
  });

  it('A03 is refused above 32 MiB, whatever its headers say', async () => {
    const error = await errorOf(await post(CHAT, endless(40)));

    expect(error).toMatchObject({ status: 413, code: 'request_too_large' });
    expect(error.message).toContain('33554432 bytes');
  });

  it('A03 is refused above 4 MiB without an image', async () => {
    const messages = [{ role: 'user', content: 'x'.repeat(5 * MEGABYTE) }];

    const error = await errorOf(await post(CHAT, aBody({ messages })));

    expect(error).toMatchObject({ status: 413, code: 'request_too_large' });
    expect(error.message).toContain('4194304 bytes');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    'application/jsonp',
    '',
  ])('A13 is refused as "%s"', async (type) => {
    const error = await errorOf(await post(CHAT, aBody(), { 'content-type': type }));

    expect(error).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it('A04 is refused when it is compressed', async () => {
    const error = await errorOf(await post(CHAT, aBody(), { 'content-encoding': 'gzip' }));

    expect(error).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    expect(error.message).toContain('content-encoding');
  });
});

const AT_CHARACTER = /\(at character \d+\)$/;

describe('a field', () => {
  it.each([
    [{ messages: undefined }, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ messages: 'Hello' }, 'messages'],
    [{ messages: [{ role: 'robot', content: 'Hello' }] }, 'messages.0.role'],
    [{ messages: [{ role: 'user', content: 7 }] }, 'messages.0.content'],
    [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages.0.content.0.text'],
    [{ model: 7 }, 'model'],
    [{ max_tokens: -1 }, 'max_tokens'],
    [{ max_tokens: 0.5 }, 'max_tokens'],
    [{ max_tokens: '100' }, 'max_tokens'],
    [{ n: 10_000 }, 'n'],
    [{ temperature: 3 }, 'temperature'],
    [{ stream: 'yes' }, 'stream'],
    [{ tools: [{ type: 'function', function: { name: 'a b' } }] }, 'tools.0.function.name'],
    [{ stop: Array.from({ length: 17 }, () => 'x') }, 'stop'],
    [{ routing: { requiresVision: 'yes' } }, 'routing.requiresVision'],
    [{ routing: { maxCostUsd: -1 } }, 'routing.maxCostUsd'],
    [{ routing: { minQuality: 2 } }, 'routing.minQuality'],
    [{ provider: { sort: 'speed' } }, 'provider.sort'],
    [{ models: ['Not An Id'] }, 'models.0'],
  ])('A10 of a wrong type or size is named: %j', async (fields, field) => {
    const error = await errorOf(await post(CHAT, aBody(fields)));

    expect(error).toMatchObject({ status: 400, code: 'invalid_request', param: field });
    expect(error.message).toContain(field);
  });

  it.each([
    [{ requiresVison: true }, 'routing.requiresVison is not known; did you mean "requiresVision"?'],
    [{ max_cost_usd: 1 }, 'routing.max_cost_usd is not known; did you mean "maxCostUsd"?'],
    [{ zzzzzzzz: 1 }, 'routing.zzzzzzzz is not known; known are '],
  ])(
    'of routing that is not known is refused with the nearest one: %j',
    async (routing, message) => {
      const error = await errorOf(await post(CHAT, aBody({ routing })));

      expect(error).toMatchObject({ status: 400, code: 'invalid_request' });
      expect(error.message).toContain(message);
    },
  );

  it.each(['api_key', 'base_url', 'headers', 'organization', 'timeout'])(
    'A09 that is not the caller’s to set is refused: %s',
    async (field) => {
      const error = await errorOf(await post(CHAT, aBody({ [field]: 'x' })));

      expect(error).toMatchObject({ status: 400, code: 'reserved_field', param: field });
    },
  );

  it('A01 that steers the choice is refused when it is given twice', async () => {
    const body = `{"model":"auto","routing":{},"routing":{},"messages":[]}`;

    const error = await errorOf(await post(CHAT, body));

    expect(error).toMatchObject({ status: 400, code: 'invalid_request', param: 'routing' });
  });

  it('of earlier years is refused with what to write today', async () => {
    const error = await errorOf(await post(CHAT, aBody({ functions: [] })));

    expect(error).toMatchObject({ status: 400, param: 'functions' });
    expect(error.message).toContain('use tools');
  });

  it('A20 with the address of an inner network is refused', async () => {
    const image = { type: 'image_url', image_url: { url: 'https://169.254.169.254/latest' } };
    const messages = [{ role: 'user', content: [image] }];

    const error = await errorOf(await post(CHAT, aBody({ messages })));

    expect(error).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(error.param).toBe('messages.0.content.0.image_url.url');
  });
});

describe('limits that contradict each other', () => {
  it.each([
    [{ routing: { firstTokenMs: 2000, deadlineMs: 1000 } }, 'routing.firstTokenMs'],
    [{ provider: { only: ['openai'], ignore: ['openai'] } }, 'provider.only'],
    [
      { models: ['openai/first'], routing: { fallbackOrder: ['anthropic/second'] } },
      'routing.fallbackOrder',
    ],
    [{ max_tokens: 10, max_completion_tokens: 20 }, 'max_tokens'],
  ])('are refused: %j', async (fields, field) => {
    const error = await errorOf(await post(CHAT, aBody(fields)));

    expect(error).toMatchObject({ status: 400, code: 'invalid_request', param: field });
  });
});

describe('a header', () => {
  it.each([
    [{ 'x-router-deadline-ms': 'soon' }, 'header.x-router-deadline-ms'],
    [{ 'x-router-max-cost-usd': '-1' }, 'header.x-router-max-cost-usd'],
    [{ 'x-router-models': 'Not An Id' }, 'header.x-router-models'],
    [{ 'x-router-explain': 'perhaps' }, 'header.x-router-explain'],
  ])('that steers the choice is checked like a field: %j', async (headers, field) => {
    const error = await errorOf(await post(CHAT, aBody(), headers));

    expect(error).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(error.param).toContain(field);
  });
});

describe('a model', () => {
  it.each([
    [{ model: 'openai/frist' }, 'openai/first'],
    [{ model: 'auto/frugale' }, 'auto/frugal'],
    [{ models: ['openai/frist'] }, 'openai/first'],
    [{ routing: { fallbackOrder: ['openai/frist'] } }, 'openai/first'],
  ])('that is not known is refused with the nearest one: %j', async (fields, nearest) => {
    const error = await errorOf(await post(CHAT, aBody(fields)));

    expect(error).toMatchObject({ status: 404, code: 'model_not_found', type: 'not_found_error' });
    expect(error.message).toContain(`did you mean "${nearest}"?`);
  });

  it('that fits is missing: every model has its reason, and the caller a way out', async () => {
    const { status, code, availability, message } = await errorOf(
      await post(CHAT, aBody({ routing: { compliance: ['hipaa'], maxContextTokens: 100_000 } })),
    );

    expect([status, code]).toEqual([422, 'no_capable_model']);
    expect(message).toContain('not-compliant: 3');
    expect(availability?.constraint).toBe('not-compliant');
    expect(availability?.relax).toEqual(['routing.compliance']);
    expect(availability?.excluded_by.map(({ model, reason }) => [model, reason])).toEqual([
      ['anthropic/second', 'not-compliant'],
      ['groq/vendor/with/slashes', 'not-compliant'],
      ['openai/first', 'not-compliant'],
    ]);
  });

  it('with a window for it is missing: the largest window is named', async () => {
    const messages = [{ role: 'user', content: 'word '.repeat(400_000) }];

    const error = await errorOf(await post(CHAT, aBody({ messages })));

    expect(error).toMatchObject({ status: 422, code: 'no_capable_model' });
    expect(error.message).toContain('the largest window is 128000 tokens');
  });
});
