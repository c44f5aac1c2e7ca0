import { describe, expect, it } from 'vitest';
import type { Warning } from '../../../src/domain/dialect.ts';
import type { Answer } from '../../../src/domain/journey.ts';
import { nanoUsd } from '../../../src/domain/money.ts';
import { answerHeaders } from '../../../src/ingest/answer-headers.ts';
import { aModel } from '../../support/builders.ts';
import { aDecision } from '../../support/plans.ts';

const MODEL = aModel('openai/m1');

type WholeAnswer = Extract<Answer, { readonly type: 'whole' }>;

function anAnswer(warnings: readonly Warning[] = []): WholeAnswer {
  return {
    type: 'whole',
    head: { requestId: 'r1', model: MODEL.id, createdAt: 0, warnings },
    provider: 'openai',
    decision: { ...aDecision([MODEL]), reason: 'best score; 1 of 1 models can' },
    attempts: 3,
    fallbacks: 1,
    response: {
      upstreamId: undefined,
      upstreamModel: undefined,
      content: [],
      finishReason: { unified: 'stop', raw: undefined },
      usage: {},
    },
    bill: { usage: {}, usageIsEstimated: false, costNanoUsd: nanoUsd(120) },
    nativeBody: undefined,
  };
}

function warning(message: string): Warning {
  return { type: 'unsupported', field: 'x', message };
}

describe('answerHeaders', () => {
  it('says who answered, why, after how much, and what it cost', () => {
    expect(answerHeaders(anAnswer(), 412)).toEqual({
      'x-router-model': 'openai/m1',
      'x-router-provider': 'openai',
      'x-router-reason': 'best score; 1 of 1 models can',
      'x-router-attempts': '3',
      'x-router-fallbacks': '1',
      'x-router-registry': 'test',
      'x-router-cost-usd': '0.00000012',
      'server-timing': 'total;dur=412',
    });
  });

  it('says nothing of a cost that is not known, or of a stream’s', () => {
    const bill = { usage: {}, usageIsEstimated: false, costNanoUsd: undefined };
    const stream = { ...anAnswer(), type: 'stream', body: new ReadableStream() } as const;

    expect(answerHeaders({ ...anAnswer(), bill }, 0)).not.toHaveProperty('x-router-cost-usd');
    expect(answerHeaders(stream, 0)).not.toHaveProperty('x-router-cost-usd');
  });

  it('lists ten warnings at the most, each once and cut', () => {
    const messages = [
      'same',
      'same',
      'x'.repeat(500),
      ...Array.from({ length: 20 }, (_, at) => `w${at}`),
    ];

    const text = answerHeaders(anAnswer(messages.map(warning)), 0)['x-router-warnings'] ?? '';

    const listed = text.split('; ');
    expect(listed.slice(0, 3)).toEqual(['same', 'x'.repeat(160), 'w0']);
    expect(listed.length).toBeLessThanOrEqual(10);
  });

  it('lets nothing that a caller or a registry wrote break out of a header (A15)', () => {
    const text = answerHeaders(anAnswer([warning('a\r\nset-cookie: b\u00e9')]), 0);

    expect(text['x-router-warnings']).toBe('a??set-cookie: b?');
  });
});
