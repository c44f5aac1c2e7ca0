import type { RoutableModel } from '../domain/model.ts';
import type { RouterPorts } from '../domain/ports.ts';
import type { ModelHealth } from './eligibility.ts';

type HealthPorts = Pick<RouterPorts, 'breakers' | 'hosts' | 'keys' | 'latencies' | 'tokenRatios'>;

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
