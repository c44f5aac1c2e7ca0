import type { AppContext, AppPorts } from './context.ts';

/** More objects than this are not asked for one report: a request may make 50 calls on the free plan. */
const MAX_ASKED = 40;

/** `GET /health`: alive, and on which registry. Needs no key and tells nothing of anybody's. */
export async function showHealth(context: AppContext, ports: AppPorts): Promise<Response> {
  await ports.registry.ready();
  const { state, source, version, models, problems, checkedAt } = ports.registry.state();
  return context.json({
    status: 'ok',
    registry: {
      state,
      source,
      version,
      models,
      problems,
      checkedAt: new Date(checkedAt).toISOString(),
    },
  });
}

/** `GET /v1/status`: breakers as their objects say, holds and measured latency as this isolate knows. */
export async function showStatus(context: AppContext, ports: AppPorts): Promise<Response> {
  await ports.registry.ready();
  const { models } = ports.registry.current();
  const asked = models.slice(0, MAX_ASKED).map(({ id }) => id);
  const states = new Map((await ports.breakers.states(asked)).map((state) => [state.model, state]));
  return context.json({
    registry: ports.registry.state(),
    models: models.map((model) => {
      const state = states.get(model.id);
      const key = ports.keys.pick(model);
      return {
        id: model.id,
        provider: model.provider.id,
        status: model.entry.status,
        breaker: {
          state: state?.state ?? ports.breakers.health(model.id).state,
          failuresInRow: state?.failuresInRow ?? 0,
          retryInMs: state?.retryInMs ?? 0,
          isFleetWide: state?.isFromObject ?? false,
        },
        host: ports.hosts.health(model.provider.id).state,
        key: typeof key === 'string' ? key : 'free',
        keyFreeInMs: key === 'held' ? ports.keys.freeInMs(model) : 0,
        measuredLatencyMs: ports.latencies.expected(model.id) ?? null,
      };
    }),
  });
}
