import { describe, expect, it } from 'vitest';
import { aConversation, aModel, aRegistry } from '../support/builders.ts';
import { aRouter } from '../support/journeys.ts';
import { chatAnswer, chatError } from '../support/plans.ts';

const M1 = aModel('openai/m1');

describe('MultiModelRouter.answer, of regulated requests', () => {
  const safe = aModel('openai/safe', { compliance: ['pii_safe'] });
  const registry = aRegistry([M1, safe], { routing: { compliance: { auditLogging: true } } });
  const PERSONAL = 'Write to jane.doe@example.com.';

  it('records who asked, what was needed and where it went, and none of the text', async () => {
    const { run, ports } = aRouter([M1, safe], [chatError(529)]);
    ports.registry.registry = registry;

    await expect(run({ compliance: ['pii_safe'] })).rejects.toThrow();

    const audits = ports.telemetry.events.filter(({ event }) => event === 'compliance_audit');
    expect(audits).toMatchObject([
      {
        tenant: 'owner',
        key: 'key_1',
        tags: ['pii_safe'],
        models_allowed: ['openai/safe'],
        models_refused: ['openai/m1'],
        chosen: 'openai/safe',
        attempts: [{ number: 1, model: 'openai/safe', outcome: 'failed' }],
        outcome: 'failed',
      },
    ]);
    expect(ports.ledger.entries[0]?.audit?.tags).toEqual(['pii_safe']);
    expect(JSON.stringify(audits)).not.toContain('Hello');
  });

  it('records one that nobody may answer, too', async () => {
    const { run, ports } = aRouter([M1]);
    ports.registry.registry = aRegistry([M1], { routing: { compliance: { auditLogging: true } } });

    await expect(run({ compliance: ['pii_safe'] })).rejects.toThrow();

    expect(ports.transport.calls).toEqual([]);
    expect(ports.ledger.entries[0]?.audit).toMatchObject({ modelsAllowed: [], attempts: [] });
  });

  it('records nothing of requests that are not regulated', async () => {
    const { run, ports } = aRouter([M1, safe], [chatAnswer()]);
    ports.registry.registry = registry;

    await run();

    expect(ports.ledger.entries[0]?.audit).toBeUndefined();
  });

  it('searches for personal data only where that is asked for', async () => {
    const conversation = aConversation({
      messages: [{ role: 'user', content: [{ type: 'text', text: PERSONAL }] }],
    });
    const { router } = aRouter([M1, safe]);
    const searching = aRouter([M1, safe]);
    searching.ports.registry.registry = aRegistry([M1, safe], {
      routing: { compliance: { detectPersonalData: true } },
    });

    expect(router.evaluate({ conversation }).candidates).toHaveLength(2);
    expect(router.evaluate({ conversation, detectPersonalData: true }).selectedModel).toBe(safe.id);
    expect(searching.router.evaluate({ conversation }).selectedModel).toBe(safe.id);
  });
});
