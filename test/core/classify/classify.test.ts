import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/classify/classify.ts';
import type { Conversation, Message, Tool } from '../../../src/domain/conversation.ts';
import type { Ability, Parameter } from '../../../src/domain/model.ts';
import type { RoutingRequest } from '../../../src/domain/request.ts';
import { aConversation } from '../../support/builders.ts';

const TOOL: Tool = { name: 'weather', description: undefined, parameters: { type: 'object' } };
const IMAGE = {
  type: 'image',
  source: { type: 'base64', mediaType: 'image/png', data: 'AA' },
} as const;
const LINKED = {
  type: 'image',
  source: { type: 'url', url: 'https://images.test/a.png' },
} as const;
const PDF = {
  type: 'file',
  source: { type: 'base64', mediaType: 'application/pdf', data: 'AA' },
} as const;
const LINKED_PDF = {
  type: 'file',
  source: { type: 'url', url: 'https://documents.test/a.pdf' },
} as const;
const AUDIO = { type: 'audio', data: 'AA', format: 'wav' } as const;
const SCHEMA = { type: 'json-schema', name: 'answer', schema: {}, strict: true } as const;

function user(...content: Extract<Message, { role: 'user' }>['content']): Partial<Conversation> {
  return { messages: [{ role: 'user', content }] };
}

function toolResult(content: typeof IMAGE | { readonly type: 'text'; readonly text: string }) {
  const result = { type: 'tool-result', toolCallId: 'call-1', toolName: 'look', isError: false };
  const message = { role: 'tool', content: [{ ...result, content: [content] }] };
  return { messages: [message as Message] }; // the literal above is one
}

function requirementOf(fields: Partial<Conversation>, wishes: RoutingRequest = {}) {
  return classify({ ...wishes, conversation: aConversation(fields) });
}

function abilitiesOf(fields: Partial<Conversation>, wishes: RoutingRequest = {}) {
  const { abilities } = requirementOf(fields, wishes);
  return Object.keys(abilities).filter((ability) => abilities[ability as Ability]); // its own keys
}

describe('classify: abilities', () => {
  it.each<[string, Partial<Conversation>, readonly Ability[]]>([
    ['plain text', {}, []],
    ['tools', { tools: [TOOL] }, ['functionCalling']],
    [
      'a tool result without tools',
      toolResult({ type: 'text', text: '20 °C' }),
      ['functionCalling'],
    ],
    [
      'tools, and several calls at once',
      { tools: [TOOL], parallelToolCalls: true },
      ['functionCalling', 'parallelToolCalls'],
    ],
    ['several calls without tools', { parallelToolCalls: true }, []],
    ['an image inside', user(IMAGE), ['vision']],
    ['the address of an image', user(LINKED), ['vision', 'imageUrls']],
    ['an image in a tool result', toolResult(IMAGE), ['functionCalling', 'vision']],
    ['a document', user(PDF), ['pdf']],
    ['the address of a document', user(LINKED_PDF), ['fileUrls', 'pdf']],
    ['speech', user(AUDIO), ['audio']],
    ['a JSON schema', { responseFormat: SCHEMA }, ['structuredOutput']],
    ['a JSON object', { responseFormat: { type: 'json-object' } }, []],
    ['reasoning effort', { reasoning: { effort: 'low' } }, ['reasoning']],
    ['a reasoning budget', { reasoning: { budgetTokens: 1024 } }, ['reasoning']],
    ['no reasoning', { reasoning: { effort: 'none' } }, []],
    ['a reasoning budget of nothing', { reasoning: { budgetTokens: 0 } }, []],
  ])('%s needs what the row says', (_, conversation, abilities) => {
    expect(abilitiesOf(conversation)).toEqual(abilities);
  });

  it('needs what the caller says beside what the conversation shows', () => {
    const wishes = { requiresVision: true, requiresFunctionCalling: true };

    expect(abilitiesOf({}, wishes)).toEqual(['functionCalling', 'vision']);
    expect(abilitiesOf(user(IMAGE), { requiresVision: false })).toEqual(['vision']);
  });
});

describe('classify: parameters', () => {
  it.each<[Parameter, Partial<Conversation>]>([
    ['temperature', { sampling: { temperature: 0 } }],
    ['top-p', { sampling: { topP: 0.9 } }],
    ['top-k', { sampling: { topK: 40 } }],
    ['frequency-penalty', { sampling: { frequencyPenalty: 0.5 } }],
    ['presence-penalty', { sampling: { presencePenalty: -0.5 } }],
    ['seed', { sampling: { seed: 0 } }],
    ['stop', { stop: ['END'] }],
    ['logit-bias', { sampling: { logitBias: { 50: -100 } } }],
    ['logprobs', { sampling: { logprobs: true } }],
    ['several-choices', { sampling: { choices: 2 } }],
    ['json-object', { responseFormat: { type: 'json-object' } }],
    ['single-tool-call', { tools: [TOOL], parallelToolCalls: false }],
    ['verbosity', { sampling: { verbosity: 'low' } }],
  ])('asks for %s', (parameter, conversation) => {
    expect([...requirementOf(conversation).parameters]).toEqual([parameter]);
  });

  it('takes a default that is said aloud for no wish', () => {
    const sampling = {
      temperature: 1,
      topP: 1,
      frequencyPenalty: 0,
      presencePenalty: 0,
      logitBias: {},
      logprobs: false,
      choices: 1,
      verbosity: 'medium',
    } as const;

    expect(requirementOf({ sampling }).parameters.size).toBe(0);
  });

  it('requires them unless the caller says otherwise', () => {
    const provider = { allow_fallbacks: true, data_collection: 'allow', zdr: false } as const;
    const strict = { ...provider, require_parameters: true };
    const loose = { ...provider, require_parameters: false };

    expect(requirementOf({}).parametersAreRequired).toBe(true);
    expect(requirementOf({}, { provider: strict }).parametersAreRequired).toBe(true);
    expect(requirementOf({}, { provider: loose }).parametersAreRequired).toBe(false);
  });
});

describe('classify: room', () => {
  it.each([
    ['what the caller limits it to', { maxOutputTokens: 77 }, 77, 77],
    ['a long answer as the caller allows it', { maxOutputTokens: 20_000 }, 20_000, 400],
    ['a usual answer', {}, 1024, 400],
    [
      'more where the model is to reason first',
      { reasoning: { effort: 'high' } as const },
      8192,
      400,
    ],
  ])('leaves room for %s', (_, conversation, room, expected) => {
    const { outputRoomTokens, estimatedOutputTokens } = requirementOf(conversation);

    expect([outputRoomTokens, estimatedOutputTokens]).toEqual([room, expected]);
  });

  it('wants the window that the caller wants, however short the input is', () => {
    expect(requirementOf({}, { maxContextTokens: 200_000 }).contextTokens).toBe(200_000);
    expect(requirementOf({}).contextTokens).toBe(0);
  });
});

describe('classify: rules', () => {
  it.each<[string, RoutingRequest, readonly string[]]>([
    ['nothing', {}, []],
    [
      'tags of the caller',
      { compliance: ['pii_safe', 'gdpr_compliant'] },
      ['pii_safe', 'gdpr_compliant'],
    ],
    [
      'no data collection',
      { provider: aPreference({ data_collection: 'deny' }) },
      ['no_data_collection'],
    ],
    ['no data retention', { provider: aPreference({ zdr: true }) }, ['zdr']],
  ])('turns %s into tags that a model must carry', (_, wishes, tags) => {
    expect([...requirementOf({}, wishes).compliance]).toEqual(tags);
  });

  it('keeps the regions and the task that the caller names', () => {
    const requirement = requirementOf({}, { regions: ['eu', 'ch'], task: 'code' });

    expect([...requirement.regions]).toEqual(['eu', 'ch']);
    expect(requirement.task).toBe('code');
  });

  it('needs nothing for a dry run without a conversation but what its fields say', () => {
    const requirement = classify({ requiresVision: true, maxContextTokens: 50_000 });

    expect(requirement).toMatchObject({
      abilities: { vision: true, functionCalling: false },
      inputTokens: { o200k: { estimated: 0, atMost: 0 } },
      contextTokens: 50_000,
    });
    expect(requirement.parameters.size).toBe(0);
  });
});

function aPreference(fields: Partial<NonNullable<RoutingRequest['provider']>>) {
  return {
    allow_fallbacks: true,
    require_parameters: true,
    data_collection: 'allow',
    zdr: false,
    ...fields,
  } as const;
}
