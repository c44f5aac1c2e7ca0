import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAILURE_KINDS } from '../../../../src/domain/failure.ts';
import type { Wire } from '../../../../src/domain/model.ts';
import { adapterOf } from '../../../../src/providers/index.ts';
import { aCall } from '../../../support/builders.ts';
import {
  chatErrorBody,
  classOf,
  type ErrorReply,
  failureOf,
  messageErrorBody,
} from '../../../support/error-replies.ts';
import { partsOfPieces } from '../../../support/recorded-call.ts';

/* Hand-written from the providers' documentation: no public recording shows a fault of a server. */

const SERVER = { kind: 'route', code: 'server_error' };
const EDGE = { kind: 'transport', code: 'edge_error' };
const PAGE = '<!DOCTYPE html><p>Ray ID: 8f1d203.4.5.6</p>';
const html = { 'content-type': 'text/html' };

describe('toFailure: servers and edges', () => {
  it.each<[string, ErrorReply, object]>([
    ['F30 OpenAI', { status: 500, body: chatErrorBody('no', { type: 'server_error' }) }, SERVER],
    [
      'F30 Anthropic',
      { wire: 'anthropic', status: 500, body: messageErrorBody('api_error', 'no') },
      SERVER,
    ],
    ['F31 502 as JSON', { status: 502, body: chatErrorBody('Bad gateway') }, SERVER],
    ['F31 502 as a page', { status: 502, headers: html, body: PAGE }, SERVER],
    ['F31 503 without a word', { status: 503 }, SERVER],
    [
      'F31 504, which has waited long enough',
      { wire: 'anthropic', status: 504, body: messageErrorBody('timeout_error', 'no') },
      { kind: 'slow', code: 'gateway_timeout' },
    ],
    ...[520, 521, 522, 523, 524, 525, 526, 530].map((status): [string, ErrorReply, object] => [
      `F32 ${status}`,
      { status, headers: html, body: PAGE },
      EDGE,
    ]),
    ...[301, 302, 303, 307, 308].map((status): [string, ErrorReply, object] => [
      `F38 ${status} is never followed`,
      { status, headers: { location: 'https://elsewhere.test/' } },
      { kind: 'route', code: 'redirected' },
    ]),
  ])('%s', (_, reply, expected) => {
    expect(classOf(reply)).toEqual(expected);
  });

  it('F30 is worth another try where nothing was accepted', () => {
    const { accepted, retryable } = failureOf({ status: 500, body: chatErrorBody('no') });

    expect({ accepted, retryable }).toEqual({ accepted: 'no', retryable: undefined });
  });

  it('F30 is not tried again where the provider says that this is of no use', () => {
    const headers = { 'x-should-retry': 'false' };

    expect(failureOf({ status: 500, headers, body: chatErrorBody('no') }).retryable).toBe(false);
  });

  it('F32 keeps nothing of the page', () => {
    const { message } = failureOf({ status: 525, headers: html, body: PAGE });

    expect(message).toBe('the provider could not be reached behind its edge (525)');
  });
});

const WIRES: readonly Wire[] = ['openai', 'anthropic', 'gemini'];
const HEADERS = ['retry-after', 'retry-after-ms', 'date', 'x-amzn-errortype', 'content-type'];
const LIMITS = ['x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens', 'x-should-retry'];

const headerValue = fc.oneof(
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  }),
  fc.constantFrom('0', '-1', 'NaN', '1e9', '86400', 'Wed, 25 Nov 2026 12:00:00 GMT', '6m0s'),
);
const headers = fc.dictionary(fc.constantFrom(...HEADERS, ...LIMITS), headerValue);

const words = fc.constantFrom('rate_limit_error', 'insufficient_quota', 'model_not_found', 'other');
const fault = fc.record(
  {
    message: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
    type: fc.oneof(words, fc.jsonValue()),
    code: fc.oneof(words, fc.integer(), fc.jsonValue()),
    status: fc.jsonValue(),
    param: fc.jsonValue(),
    details: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
    innererror: fc.jsonValue(),
    metadata: fc.oneof(fc.record({ raw: fc.json(), headers: fc.jsonValue() }), fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.string(),
  fc.json(),
  fc.record({ error: fc.oneof(fault, fc.string()) }).map((value) => JSON.stringify(value)),
  fc.array(fc.record({ error: fault })).map((value) => JSON.stringify(value)),
  fc.record({ errors: fc.array(fault) }).map((value) => JSON.stringify(value)),
);

/** Words of ours with the status behind them. */
const OWN_MESSAGE = /^[a-zA-Z' ]+ \(\d{3}\)$/;

const RUNS = 500;
const PATIENCE_MS = 60_000;

describe('toFailure: anything at all', { timeout: PATIENCE_MS }, () => {
  it('gives every answer one class, a message of ours, and a hold of 0 to 600,000 ms', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WIRES),
        fc.integer({ min: 100, max: 599 }),
        fc.tuple(headers, body),
        (wire, status, [fields, text]) => {
          const reply = { status, headers: new Headers(fields), body: text };

          const failure = adapterOf(wire).toFailure(reply);

          expect(FAILURE_KINDS).toContain(failure.kind);
          expect(failure.status).toBe(status);
          expect(failure.message).toMatch(OWN_MESSAGE);
          expect(failure.retryAfterMs ?? 0).toBeGreaterThanOrEqual(0);
          expect(failure.retryAfterMs ?? 0).toBeLessThanOrEqual(600_000);
        },
      ),
      { numRuns: RUNS, seed: 1 },
    );
  });
});

describe('fromResponse and openStream: anything at all', { timeout: PATIENCE_MS }, () => {
  it('reads every body of status 200 as an answer or as a class', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WIRES), body, (wire, text) => {
        const read = adapterOf(wire).fromResponse(text, aCall());

        if ('kind' in read) expect(FAILURE_KINDS).toContain(read.kind);
        else expect(read.content).toBeInstanceOf(Array);
      }),
      { numRuns: RUNS, seed: 1 },
    );
  });

  it('reads every stream to its end', () => {
    const event = fc.oneof(
      body,
      body.map((text) => `data: ${text}\n\n`),
    );
    const stream = fc.array(event, { maxLength: 4 });

    fc.assert(
      fc.property(fc.constantFrom(...WIRES), stream, (wire, pieces) => {
        const bytes = pieces.map((piece) => new TextEncoder().encode(piece));

        const parts = partsOfPieces(adapterOf(wire).openStream(aCall()), bytes);

        expect(parts).toBeInstanceOf(Array);
      }),
      { numRuns: RUNS, seed: 1 },
    );
  });
});
