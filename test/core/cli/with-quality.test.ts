import { describe, expect, it } from 'vitest';
import { taskModel } from '../../../src/classify/read-task.ts';
import { calibratePool } from '../../../src/cli/quality/calibrate-pool.ts';
import { withQuality } from '../../../src/cli/quality/with-quality.ts';
import { routingConfigSchema } from '../../../src/domain/routing-config.ts';
import { aGradedPool } from './graded-prompts.ts';

const { pool } = calibratePool(aGradedPool(), taskModel());
const ENTRIES = { cheap: { provider: 'groq', weight: 2 }, other: { provider: 'xai' } };

describe('withQuality', () => {
  it('adds the quality of the graded models and leaves all else as it is', () => {
    const document = { models: ENTRIES, policies: {}, routing: { version: '2.1' } };

    const { changed, models } = withQuality(document, pool);

    expect(models).toBe(1);
    expect(changed).toMatchObject({
      models: {
        cheap: { provider: 'groq', weight: 2, quality: pool.models['cheap']?.quality },
        other: { provider: 'xai' },
      },
      policies: {},
      routing: { version: '2.1', quality: { lambda: { quality: pool.lambda['eq'] } } },
    });
  });

  it('names a default model only where the document has it', () => {
    const of = (models: Record<string, object>) =>
      withQuality(models as Parameters<typeof withQuality>[0], pool).changed['routing'];

    expect(of({ cheap: {} })).not.toHaveProperty('quality.defaultModel');
    expect(of({ dear: {} })).toHaveProperty('quality.defaultModel', 'dear');
  });

  it('writes what a registry takes, also into the bare form', () => {
    const { changed } = withQuality(ENTRIES, pool);

    expect(changed['models']).toHaveProperty('cheap.quality');
    expect(() => routingConfigSchema.parse(changed['routing'])).not.toThrow();
  });
});
