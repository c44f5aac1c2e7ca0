import { describe, expect, it } from 'vitest';
import { select } from '../../../src/decide/select.ts';
import { kindOfRequest, shortlistFor } from '../../../src/decide/shortlist.ts';
import type { Requirement } from '../../../src/domain/decision.ts';
import { routingRequestSchema } from '../../../src/domain/request.ts';
import { aModel, aRegistry } from '../../support/builders.ts';
import { aRequirement } from '../../support/plans.ts';

const SEEING = aModel('openai/seeing', { supportsVision: true, regions: ['eu'] });
const BLIND = aModel('groq/blind', { supportsVision: false, compliance: ['pii_safe'] });
const REGISTRY = aRegistry([SEEING, BLIND]);

type Given = {
  readonly requirement?: Partial<Requirement>;
  readonly request?: Readonly<Record<string, unknown>>;
};

function kindOf({ requirement = {}, request = {} }: Given): string {
  const needed = aRequirement(requirement);
  return kindOfRequest(needed, select(routingRequestSchema.parse(request), needed, REGISTRY));
}

describe('shortlistFor', () => {
  const requirement = aRequirement({ abilities: { ...aRequirement().abilities, vision: true } });
  const selection = select({}, requirement, REGISTRY);

  it('says who may answer a kind of request at all, and why the others may not', () => {
    expect(shortlistFor(requirement, selection, REGISTRY)).toEqual({
      models: [SEEING],
      rejections: [{ model: 'groq/blind', reason: 'no-vision', message: 'cannot see images' }],
    });
  });

  it('is found once for all requests of the kind, until the registry is another', () => {
    const longer = { ...requirement, outputRoomTokens: 99, task: 'code' };

    const found = shortlistFor(requirement, selection, REGISTRY);

    expect(shortlistFor(longer, selection, REGISTRY)).toBe(found);
    expect(shortlistFor(requirement, selection, aRegistry([SEEING]))).not.toBe(found);
  });
});

describe('kindOfRequest', () => {
  const usual = kindOf({});

  it.each<[string, Given]>([
    ['an ability', { requirement: { abilities: { ...aRequirement().abilities, audio: true } } }],
    ['a parameter', { requirement: { parameters: new Set(['seed']) } }],
    ['whether parameters must be honored', { requirement: { parametersAreRequired: false } }],
    ['a tag', { requirement: { compliance: new Set(['pii_safe']) } }],
    ['a region', { requirement: { regions: new Set(['eu']) } }],
    ['a dialect', { requirement: { dialect: 'anthropic-messages' } }],
    ['a list of models', { request: { models: ['groq/blind'] } }],
    ['a pinned model', { request: { model: 'groq/blind' } }],
    ['providers that may answer', { request: { provider: { only: ['groq'] } } }],
    ['providers that may not', { request: { provider: { ignore: ['groq'] } } }],
  ])('is another for %s', (_, given) => {
    expect(kindOf(given)).not.toBe(usual);
  });

  it('is the same for another size, task or limit', () => {
    const request = { maxCostUsd: 1, minQuality: 0.5, model: 'auto/economy' };

    expect(kindOf({ requirement: { outputRoomTokens: 5, task: 'law' }, request })).toBe(usual);
  });
});
