import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/execute/execute.ts';
import { fakePorts } from '../../support/fakes.ts';
import { aPlan, chatAnswer, chatError, someModels } from '../../support/plans.ts';

describe('second tries on one model', () => {
  it('are made while its budget lasts, and are counted against its first ones (F90)', async () => {
    const models = someModels(2);
    const ports = fakePorts(models, [chatError(500), chatAnswer()]);

    await ports.clock.run(execute(aPlan(models), ports));

    expect(ports.transport.asked).toEqual(['m1', 'm1']);
    expect(ports.retries.noted).toEqual(['openai/m1']);
  });

  it('are left out when it is spent: the next model is asked instead', async () => {
    const models = someModels(2);
    const ports = fakePorts(models, [chatError(500), chatAnswer()]);
    ports.retries.left = 0;

    await ports.clock.run(execute(aPlan(models), ports));

    expect(ports.transport.asked).toEqual(['m1', 'm2']);
  });
});
