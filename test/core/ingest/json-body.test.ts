import { describe, expect, it } from 'vitest';
import { readJsonBody } from '../../../src/ingest/json-body.ts';
import { refusalOf } from '../../support/refusals.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const MEBIBYTE = 1024 * 1024;

function aRequest(body: BodyInit, headers: Readonly<Record<string, string>> = JSON_TYPE): Request {
  return new Request('https://router.test/v1/chat/completions', {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit); // duplex is asked for by Node where the body is a stream
}

/** So many pieces of a mebibyte; counts what was really taken of them. */
function pieces(count: number) {
  const counted = { taken: 0 };
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (counted.taken === count) controller.close();
        else controller.enqueue(new Uint8Array(MEBIBYTE).fill(32));
        counted.taken += 1;
      },
    },
    { highWaterMark: 0 },
  );
  return Object.assign(counted, { body });
}

describe('readJsonBody', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
  ])('reads a body of type %s', async (type) => {
    const json = await readJsonBody(aRequest('{"a":"é"}', { 'content-type': type }));

    expect(json.value).toEqual({ a: 'é' });
  });

  it.each([
    'text/plain',
    'application/json; charset=latin1',
    'application/jsonx',
    'multipart/form-data; boundary=x',
    '',
  ])('refuses a body of type "%s" (A13)', async (type) => {
    const error = await refusalOf(() => readJsonBody(aRequest('{}', { 'content-type': type })));

    expect(error.code).toBe('unsupported_media_type');
  });

  it('refuses compressed bodies (A04)', async () => {
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };

    expect((await refusalOf(() => readJsonBody(aRequest('{}', headers)))).code).toBe(
      'unsupported_media_type',
    );
  });

  it.each<[string, BodyInit, string]>([
    ['malformed JSON (A01)', '{"a":1,}', 'the body is not valid JSON (at character 7)'],
    ['no object', '[]', 'the body is not a JSON object (at character 0)'],
    ['nothing', '', 'the body is not valid JSON (at character 0)'],
    [
      'deep nesting (A02)',
      `{"a":${'['.repeat(70)}`,
      'the body is nested deeper than 64 levels (at character 68)',
    ],
    [
      'invalid UTF-8 (A06)',
      Uint8Array.of(123, 34, 0xc3, 34, 58, 49, 125),
      'the body is not valid UTF-8',
    ],
    ['a byte order mark (A06)', '\uFEFF{"a":1}', 'the body is not valid JSON (at character 0)'],
  ])('refuses %s', async (_, body, message) => {
    const error = await refusalOf(() => readJsonBody(aRequest(body)));

    expect([error.code, error.message]).toEqual(['invalid_json', message]);
  });

  it('stops reading at 32 MiB, whatever the length is said to be (A03)', async () => {
    const endless = pieces(1000);
    const headers = { ...JSON_TYPE, 'content-length': '10' };

    const error = await refusalOf(() => readJsonBody(aRequest(endless.body, headers)));

    expect(error.code).toBe('request_too_large');
    expect(endless.taken).toBeLessThanOrEqual(34);
  });

  it('puts together a body that comes in pieces, cut anywhere', async () => {
    const bytes = new TextEncoder().encode('{"a":"añ€👩‍👩‍👧"}');
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });

    expect((await readJsonBody(aRequest(body))).value).toEqual({ a: 'añ€👩‍👩‍👧' });
  });
});
