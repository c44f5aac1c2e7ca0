import { describe, expect, it } from 'vitest';
import { compileModel } from '../../../src/domain/compile-model.ts';
import { PARAMETERS, type Provider } from '../../../src/domain/model.ts';
import { routingConfigSchema } from '../../../src/domain/routing-config.ts';
import { aModel, aModelEntry } from '../../support/builders.ts';

const PROVIDER: Provider = {
  id: 'acme',
  wire: 'openai',
  baseUrl: 'https://models.test/v1',
  secret: undefined,
  unset: undefined,
  headers: {},
  parameters: new Set(PARAMETERS),
  takesImageUrls: true,
  takesFileUrls: true,
  billsInFull: false,
  vendor: 'acme',
};

type Given = {
  readonly id?: string;
  readonly entry?: Parameters<typeof aModelEntry>[0];
  readonly provider?: Provider | string;
  readonly piiSafeModels?: readonly string[];
};

function compile({ id = 'acme/m1', entry, provider = PROVIDER, piiSafeModels = [] }: Given) {
  const routing = routingConfigSchema.parse({ compliance: { piiSafeModels } });
  return compileModel({ id, entry: aModelEntry(entry), provider, routing });
}

function compiled(given: Given) {
  const model = compile(given);
  if (typeof model === 'string') throw new Error(model);
  return model;
}

describe('compileModel', () => {
  it.each([
    ['acme/m1', undefined, 'm1'],
    ['m1', undefined, 'm1'],
    ['acme/eu/m1', undefined, 'eu/m1'],
    ['other/m1', undefined, 'other/m1'],
    ['acme/m1', 'Acme-M1-2026', 'Acme-M1-2026'],
  ])('calls %s, whose upstream name is given as %s, by %s', (id, upstreamModel, name) => {
    expect(compiled({ id, entry: { upstreamModel } }).upstreamModel).toBe(name);
  });

  it("speaks its provider's wire unless its entry names another", () => {
    expect(compiled({}).wire).toBe('openai');
    expect(compiled({ entry: { wire: 'anthropic' } }).wire).toBe('anthropic');
  });

  it.each([
    ['a key that is no id', { id: 'Acme M1' }, 'a model id is a-z, 0-9 and . _ : / -'],
    ['an entry with the id of another', { entry: { id: 'acme/m2' } }, 'its id says "acme/m2"'],
    ['a provider that cannot be used', { provider: 'no such provider' }, 'no such provider'],
  ])('leaves out %s and says why', (_, given, reason) => {
    expect(compile(given)).toBe(reason);
  });

  it('counts a limit on input and output only where the entry has one', () => {
    const limits = { maxContextTokens: 8000, maxInputTokens: 6000, maxOutputTokens: 2000 };
    const open = { maxContextTokens: 8000, maxInputTokens: undefined, maxOutputTokens: undefined };

    expect(compiled({ entry: limits }).capability).toMatchObject({
      contextTokens: 8000,
      inputTokens: 6000,
      outputTokens: 2000,
    });
    expect(compiled({ entry: open }).capability).toMatchObject({
      contextTokens: 8000,
      inputTokens: 8000,
      outputTokens: 8000,
    });
  });

  it('never writes more than its window, whatever the entry says', () => {
    const entry = { maxContextTokens: 8000, maxOutputTokens: 100_000 };

    expect(compiled({ entry }).capability.outputTokens).toBe(8000);
  });

  it('honors no sampling settings where the entry says so', () => {
    const { parameters } = compiled({ entry: { supportsTemperature: false } }).capability;

    expect(PARAMETERS.filter((parameter) => !parameters.has(parameter))).toEqual([
      'temperature',
      'top-p',
      'top-k',
    ]);
  });

  it.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ])('with vision %s and a provider that fetches %s, takes addresses of images: %s', (...row) => {
    const [supportsVision, takesImageUrls, takes] = row;
    const provider = { ...PROVIDER, takesImageUrls };

    expect(compiled({ entry: { supportsVision }, provider }).capability.imageUrls).toBe(takes);
  });

  it.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ])('with documents %s and a provider that fetches %s, takes their addresses: %s', (...row) => {
    const [supportsPdf, takesFileUrls, takes] = row;
    const provider = { ...PROVIDER, takesFileUrls };

    expect(compiled({ entry: { supportsPdf }, provider }).capability.fileUrls).toBe(takes);
  });

  it.each([
    ['its id', 'acme/m1', ['gdpr', 'pii_safe']],
    ["its provider's name", 'm1', ['gdpr', 'pii_safe']],
    ['part of its name', 'm', ['gdpr']],
    ['another model', 'm2', ['gdpr']],
  ])('is pii_safe when the routing part lists %s', (_, name, tags) => {
    const model = compiled({ entry: { compliance: ['gdpr'] }, piiSafeModels: [name] });

    expect([...model.capability.compliance]).toEqual(tags);
  });
});

describe('the compiled price', () => {
  it.each([{ costPer1kInputTokens: null }, { costPer1kOutputTokens: null }])(
    'is unknown with %o: unknown is not free',
    (entry) => {
      expect(compiled({ entry }).price).toBeUndefined();
    },
  );

  it('takes a part that is not named for what its base part costs', () => {
    expect(compiled({}).price).toEqual({
      inputPicoUsd: 1_000_000,
      outputPicoUsd: 2_000_000,
      cacheReadPicoUsd: 1_000_000,
      cacheWritePicoUsd: 1_000_000,
      cacheWrite1hPicoUsd: 1_000_000,
      reasoningPicoUsd: 2_000_000,
      audioInputPicoUsd: 1_000_000,
      audioOutputPicoUsd: 2_000_000,
      imageInputPicoUsd: 1_000_000,
      tiers: [],
    });
  });

  it('takes every part that is named, free ones too', () => {
    const entry = {
      costPer1kCachedInputTokens: 0,
      costPer1kCacheWriteTokens: 0.001_25,
      costPer1kCacheWrite1hTokens: 0.002,
      costPer1kReasoningTokens: 0.003,
      costPer1kAudioInputTokens: 0.04,
      costPer1kAudioOutputTokens: 0.08,
      costPer1kImageInputTokens: 0.0005,
    };

    expect(compiled({ entry }).price).toMatchObject({
      cacheReadPicoUsd: 0,
      cacheWritePicoUsd: 1_250_000,
      cacheWrite1hPicoUsd: 2_000_000,
      reasoningPicoUsd: 3_000_000,
      audioInputPicoUsd: 40_000_000,
      audioOutputPicoUsd: 80_000_000,
      imageInputPicoUsd: 500_000,
    });
  });

  it('has its tiers with the highest threshold first', () => {
    const tier = (aboveInputTokens: number) => ({ aboveInputTokens, costPer1kInputTokens: 0.002 });
    const { price } = compiled({ entry: { priceTiers: [tier(200), tier(500), tier(300)] } });

    expect(price?.tiers.map(({ aboveInputTokens }) => aboveInputTokens)).toEqual([500, 300, 200]);
  });

  it('scales in a tier what the tier does not name, input parts as input and output parts as output', () => {
    const { price } = aModel('openai/tiered', {
      costPer1kCachedInputTokens: 0.0001,
      costPer1kImageInputTokens: 0.0005,
      costPer1kReasoningTokens: 0.004,
      costPer1kAudioOutputTokens: 0.08,
      priceTiers: [
        { aboveInputTokens: 1000, costPer1kInputTokens: 0.002, costPer1kOutputTokens: 0.003 },
      ],
    });

    expect(price?.tiers).toEqual([
      {
        aboveInputTokens: 1000,
        inputPicoUsd: 2_000_000,
        outputPicoUsd: 3_000_000,
        cacheReadPicoUsd: 200_000,
        cacheWritePicoUsd: 2_000_000,
        cacheWrite1hPicoUsd: 2_000_000,
        reasoningPicoUsd: 6_000_000,
        audioInputPicoUsd: 2_000_000,
        audioOutputPicoUsd: 120_000_000,
        imageInputPicoUsd: 1_000_000,
      },
    ]);
  });

  it('takes a tier above a free base for what the tier itself says', () => {
    const { price } = aModel('openai/tiered', {
      costPer1kInputTokens: 0,
      priceTiers: [{ aboveInputTokens: 1000, costPer1kInputTokens: 0.002 }],
    });

    expect(price?.tiers).toMatchObject([
      { inputPicoUsd: 2_000_000, cacheReadPicoUsd: 2_000_000, outputPicoUsd: 2_000_000 },
    ]);
  });
});
