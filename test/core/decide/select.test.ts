import { describe, expect, it } from 'vitest';
import { select } from '../../../src/decide/select.ts';
import type { RouterError } from '../../../src/domain/errors.ts';
import { routingRequestSchema } from '../../../src/domain/request.ts';
import { aModel, aRegistry } from '../../support/builders.ts';
import { aRequirement } from '../../support/plans.ts';

const LARGE = aModel('openai/large', { family: 'gpt' });
const SMALL = aModel('openai/small', { family: 'gpt' });
const CLAUDE = aModel('anthropic/claude');
const COLON = aModel('groq/m:floor');
const REGISTRY = aRegistry([LARGE, SMALL, CLAUDE, COLON], {
  policies: {
    cheap: { objective: 'cost', constraints: { maxLatencyMs: 900, compliance: ['pii_safe'] } },
    two: { candidates: ['openai/small', 'anthropic/claude'] },
  },
});

function selected(request: Readonly<Record<string, unknown>>) {
  return select(routingRequestSchema.parse(request), aRequirement(), REGISTRY);
}

/** The pool as plain lists. */
function pool(request: Readonly<Record<string, unknown>>) {
  const { allowed, firstOf, nextOf } = selected(request);
  return { allowed: allowed && [...allowed], firstOf, nextOf };
}

function refusal(request: Readonly<Record<string, unknown>>): RouterError {
  try {
    selected(request);
  } catch (error) {
    return error as RouterError; // select throws nothing else
  }
  throw new Error('the name was taken');
}

const COST = { cost: 1, latency: 0, capabilityMatch: 0 };
const LATENCY = { cost: 0, latency: 1, capabilityMatch: 0 };
const USUAL = { cost: 0.3, latency: 0.4, capabilityMatch: 0.3 };

describe("select: the model's name", () => {
  it.each([
    ['auto', 'balanced', USUAL],
    ['auto:floor', 'balanced', COST],
    ['auto:nitro', 'balanced', LATENCY],
    ['auto/cheap', 'cheap', COST],
    ['auto/cheap:nitro', 'cheap', LATENCY],
    ['auto/two', 'two', USUAL],
    ['openai/large', 'pinned', USUAL],
    ['openai/large:floor', 'pinned', COST],
    ['groq/m:floor', 'pinned', USUAL],
    ['groq/m:floor:nitro', 'pinned', LATENCY],
  ])('%s selects by %s', (model, policy, weights) => {
    expect(selected({ model })).toMatchObject({ policy, weights });
  });

  it('is auto when none is given', () => {
    expect(select({}, aRequirement(), REGISTRY)).toMatchObject({ policy: 'balanced' });
  });

  it.each([
    ['openai/lrage', 'model', 'there is no model "openai/lrage"; did you mean "openai/large"?'],
    ['auto/chaep', 'model', 'there is no model "auto/chaep"; did you mean "auto/cheap"?'],
    ['atuo', 'model', 'there is no model "atuo"; did you mean "auto"?'],
    ['llama', 'model', 'there is no model "llama"; GET /v1/models lists them'],
    ['__proto__', 'model', 'there is no model "__proto__"; GET /v1/models lists them'],
    [
      'auto/constructor',
      'model',
      'there is no model "auto/constructor"; GET /v1/models lists them',
    ],
    [
      'openai/large:fast',
      'model',
      'there is no model "openai/large:fast"; did you mean "openai/large"?',
    ],
  ])('refuses %s by its name and offers the nearest', (model, field, message) => {
    const error = refusal({ model });

    expect([error.code, error.details.field, error.message]).toEqual([
      'model_not_found',
      field,
      message,
    ]);
  });

  it.each([
    ['models', { models: ['openai/large', 'openai/nix'] }],
    ['routing.fallbackOrder', { fallbackOrder: ['openai/nix'] }],
  ])('names the list %s where it has a model that there is not', (field, lists) => {
    expect(refusal({ model: 'auto', ...lists }).details.field).toBe(field);
  });
});

describe('select: who may answer', () => {
  it.each([
    ['auto allows all', {}, { allowed: undefined, firstOf: [], nextOf: [] }],
    [
      'auto with models scores among these',
      { models: ['openai/small', 'openai/large'] },
      { allowed: ['openai/small', 'openai/large'], firstOf: [], nextOf: [] },
    ],
    [
      'auto with fallbackOrder orders what comes behind the first choice',
      { fallbackOrder: ['openai/small'] },
      { allowed: undefined, firstOf: [], nextOf: ['openai/small'] },
    ],
    [
      'a pinned model has its family behind it',
      { model: 'openai/large' },
      { allowed: ['openai/large', 'openai/small'], firstOf: ['openai/large'], nextOf: [] },
    ],
    [
      'a pinned model without a family has nobody',
      { model: 'anthropic/claude' },
      { allowed: ['anthropic/claude'], firstOf: ['anthropic/claude'], nextOf: [] },
    ],
    [
      'a pinned model has those whom the caller names, and not its family',
      { model: 'openai/large', models: ['anthropic/claude'] },
      {
        allowed: ['openai/large', 'anthropic/claude'],
        firstOf: ['openai/large', 'anthropic/claude'],
        nextOf: [],
      },
    ],
    [
      'a pinned model with fallbackOrder has these in this order',
      { model: 'openai/large', fallbackOrder: ['groq/m:floor', 'openai/small'] },
      {
        allowed: ['openai/large', 'groq/m:floor', 'openai/small'],
        firstOf: ['openai/large', 'groq/m:floor', 'openai/small'],
        nextOf: [],
      },
    ],
    [
      'a suffix orders the pool of a pinned model by its objective',
      { model: 'openai/large:floor' },
      { allowed: ['openai/large', 'openai/small'], firstOf: [], nextOf: [] },
    ],
    [
      "a policy's candidates are all there are",
      { model: 'auto/two' },
      { allowed: ['openai/small', 'anthropic/claude'], firstOf: [], nextOf: [] },
    ],
    [
      "a caller may narrow a policy's candidates, not widen them",
      { model: 'auto/two', models: ['openai/large', 'openai/small'] },
      { allowed: ['openai/small'], firstOf: [], nextOf: [] },
    ],
  ])('%s', (_, request, expected) => {
    expect(pool(request)).toEqual(expected);
  });
});

describe('select: wishes', () => {
  it('takes what the caller wishes over what the policy does, and adds up their tags', () => {
    const request = { model: 'auto/cheap', maxLatencyMs: 300, compliance: ['gdpr'] };

    expect(selected(request).constraints).toMatchObject({
      maxLatencyMs: 300,
      compliance: ['pii_safe', 'gdpr'],
    });
    expect(selected({ model: 'auto/cheap' }).constraints.maxLatencyMs).toBe(900);
  });

  it.each([
    ['price', COST],
    ['latency', LATENCY],
    ['throughput', LATENCY],
  ])("takes provider.sort %s before the policy's objective", (sort, weights) => {
    expect(selected({ model: 'auto/cheap', provider: { sort } }).weights).toEqual(weights);
  });

  it('takes a suffix before provider.sort', () => {
    const request = { model: 'auto:nitro', provider: { sort: 'price' } };

    expect(selected(request).weights).toEqual(LATENCY);
  });
});
