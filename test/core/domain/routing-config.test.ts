import { describe, expect, it } from 'vitest';
import {
  breakerPolicySchema,
  policySchema,
  routingConfigSchema,
} from '../../../src/domain/routing-config.ts';

/** The template of version 2.1, word for word. */
const TEMPLATE = `
{ "version": "2.1",
  "evaluation": { "mode": "capability_first", "maxCandidates": 5, "scoreWeights": { "cost": 0.3, "latency": 0.4, "capabilityMatch": 0.3 } },
  "fallback": { "enabled": true, "maxRetries": 2, "backoffStrategy": "exponential",
    "circuitBreaker": { "failureThreshold": 3, "cooldownSeconds": 60, "halfOpenRequests": 1 } },
  "telemetry": { "enabled": true, "attributes": ["request_id", "selected_model", "fallback_chain", "tokens_in", "tokens_out", "cost_cents"], "exportTarget": "otlp_http" },
  "compliance": { "piiSafeModels": ["gpt-4o-mini", "claude-3-5-sonnet"], "blockUnsafeRouting": true, "auditLogging": true } }
`;

describe('routingConfigSchema', () => {
  it('takes the template of version 2.1 word for word and changes nothing of it', () => {
    expect(routingConfigSchema.parse(JSON.parse(TEMPLATE))).toEqual(JSON.parse(TEMPLATE));
  });

  it('has the values of the template where a document says nothing', () => {
    expect(routingConfigSchema.parse({})).toEqual({
      version: '2.1',
      evaluation: {
        mode: 'capability_first',
        maxCandidates: 5,
      },
      fallback: {
        enabled: true,
        maxRetries: 2,
        backoffStrategy: 'exponential',
        circuitBreaker: { failureThreshold: 3, cooldownSeconds: 60, halfOpenRequests: 1 },
      },
      telemetry: { enabled: true },
      compliance: { piiSafeModels: [], blockUnsafeRouting: true, auditLogging: false },
    });
  });

  it.each([
    ['an unknown part', { evaluatoin: {} }],
    ['an unknown field', { fallback: { retries: 2 } }],
    ['another mode', { evaluation: { mode: 'cost_first' } }],
    ['no candidates', { evaluation: { maxCandidates: 0 } }],
    [
      'weights that weigh nothing',
      { evaluation: { scoreWeights: { cost: 0, latency: 0, capabilityMatch: 0 } } },
    ],
    [
      'a weight above 1',
      { evaluation: { scoreWeights: { cost: 2, latency: 0, capabilityMatch: 0 } } },
    ],
    ['a threshold of none', { fallback: { circuitBreaker: { failureThreshold: 0 } } }],
    ['half a probe', { fallback: { circuitBreaker: { halfOpenRequests: 0.5 } } }],
    ['another backoff', { fallback: { backoffStrategy: 'fibonacci' } }],
  ])('refuses %s', (_, document) => {
    expect(routingConfigSchema.safeParse(document).success).toBe(false);
  });
});

describe('breakerPolicySchema', () => {
  it('opens at three failures in a row, for a minute, and closes by one probe', () => {
    expect(breakerPolicySchema.parse({})).toEqual({
      failureThreshold: 3,
      cooldownSeconds: 60,
      halfOpenRequests: 1,
    });
  });
});

describe('policySchema', () => {
  it('takes an objective by name or by its weights', () => {
    const weights = { cost: 0.5, latency: 0.5, capabilityMatch: 0 };

    expect(policySchema.parse({ objective: 'cost' })).toEqual({ objective: 'cost' });
    expect(policySchema.parse({ objective: weights })).toEqual({ objective: weights });
  });

  it('refuses an objective that weighs nothing', () => {
    const objective = { cost: 0, latency: 0, capabilityMatch: 0 };

    expect(policySchema.safeParse({ objective }).success).toBe(false);
  });

  it('refuses what no request may say either', () => {
    expect(policySchema.safeParse({ constraints: { deadline: 5 } }).success).toBe(false);
    expect(policySchema.safeParse({ candidates: ['Not An Id'] }).success).toBe(false);
  });
});
