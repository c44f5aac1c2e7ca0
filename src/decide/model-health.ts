import type { RoutingDecision } from '../domain/decision.ts';
import type { RoutableModel } from '../domain/model.ts';
import type { RouterPorts } from '../domain/ports.ts';
import type { ModelHealth } from './eligibility.ts';

type HealthPorts = Pick<
  RouterPorts,
  'breakers' | 'hosts' | 'keys' | 'latencies' | 'tokenRatios' | 'registry'
>;

/** What this isolate knows of a model at this moment. */
export function healthOf(model: RoutableModel, ports: HealthPorts): ModelHealth {
  const key = ports.keys.pick(model);
  return {
    breaker: ports.breakers.health(model.id),
    host: ports.hosts.health(model.provider.id),
    key: typeof key === 'string' ? key : 'free',
    latencyMs: ports.latencies.expected(model.id),
    tokenRatio: ports.tokenRatios.expected(model.id),
  };
}

/** When the first of the resting models may be asked again, in milliseconds. */
export function retryInMs({ rejections }: RoutingDecision, ports: HealthPorts): number {
  const { modelById } = ports.registry.current();
  const waits = rejections.map(({ model: id, reason }) => {
    const model = modelById.get(id);
    if (model === undefined) return Infinity;
    if (reason === 'breaker-open') return ports.breakers.health(id).retryInMs;
    if (reason === 'provider-open') return ports.hosts.health(model.provider.id).retryInMs;
    return reason === 'key-held' ? ports.keys.freeInMs(model) : Infinity;
  });
  return Math.min(...waits);
}
