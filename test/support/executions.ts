import type { RoutableModel } from '../../src/domain/model.ts';
import { execute } from '../../src/execute/execute.ts';
import type { ExecutionPlan } from '../../src/execute/run.ts';
import type { Script } from './fake-transport.ts';
import { fakePorts } from './fakes.ts';
import { aPlan, someModels } from './plans.ts';

type Given = {
  readonly models?: readonly RoutableModel[];
  readonly plan?: Partial<ExecutionPlan>;
  readonly keys?: readonly string[];
};

/** A plan at work: what the provider does with each call, and everything that is seen of it. */
export function anExecution(scripts: readonly Script[], given: Given = {}) {
  const models = given.models ?? someModels(3);
  const ports = fakePorts(models, scripts);
  ports.keys.ids = given.keys ?? ['key-1'];
  const caller = new AbortController();
  const plan = aPlan(models, { signal: caller.signal, ...given.plan });
  const run = async () => {
    const { attempts, result } = await ports.clock.run(execute(plan, ports));
    return {
      asked: ports.transport.asked,
      attempts,
      result,
      error: result.type === 'failed' ? result.error : undefined,
      waitedMs: ports.clock.now() - plan.startedAt,
    };
  };
  return { run, ports, caller };
}
