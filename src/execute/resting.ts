import type { RoutingDecision } from '../domain/decision.ts';
import type { ModelId } from '../domain/model.ts';
import type { Breakers, Hosts, ProviderKeys } from '../domain/ports.ts';
import type { Registry } from '../domain/registry.ts';

/** The models that were left out because of their breakers alone. */
export function restingIn({ rejections }: RoutingDecision): readonly ModelId[] {
  return rejections.filter(({ reason }) => reason === 'breaker-open').map(({ model }) => model);
}

type Decided = { readonly decision: RoutingDecision; readonly registry: Registry };

type Health = {
  readonly breakers: Breakers;
  readonly hosts: Hosts;
  readonly keys: ProviderKeys;
};

/** When the first of the resting models may be asked again, in milliseconds. */
export function retryInMs(
  { decision, registry }: Decided,
  { breakers, hosts, keys }: Health,
): number {
  const waits = decision.rejections.map(({ model: id, reason }) => {
    const model = registry.modelById.get(id);
    if (model === undefined) return Infinity;
    if (reason === 'breaker-open') return breakers.health(id).retryInMs;
    if (reason === 'provider-open') return hosts.health(model.provider.id).retryInMs;
    return reason === 'key-held' ? keys.freeInMs(model) : Infinity;
  });
  return Math.min(...waits);
}
