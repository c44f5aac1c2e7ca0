import type { Requirement } from '../domain/decision.ts';
import { RouterError } from '../domain/errors.ts';
import type { ModelId, RoutableModel } from '../domain/model.ts';
import { nearest } from '../domain/nearest.ts';
import type { Registry } from '../domain/registry.ts';
import type { ProviderPreferences, RoutingConstraints, RoutingRequest } from '../domain/request.ts';
import type { Policy, ScoreWeights } from '../domain/routing-config.ts';
import { lambdaOf, policyFor, policyNamed, policyNames, weightsOf } from './policies.ts';

/** What a request's model name, policy and preferences come down to. */
export type Selection = {
  readonly policy: string;
  /** What the parts of a score weigh, where they are not weighed by λ. */
  readonly weights: ScoreWeights;
  /** Quality per US dollar: models are compared by `quality − λ · cost`. */
  readonly lambda?: number | undefined;
  /** The model that takes what is not surely of one kind of work; undefined where that is sure. */
  readonly unsureModel?: ModelId | undefined;
  /** The request's constraints over those of its policy. */
  readonly constraints: RoutingConstraints;
  readonly preferences: ProviderPreferences | undefined;
  /** The only models that may answer; undefined allows all. */
  readonly allowed: ReadonlySet<string> | undefined;
  /** Models to be tried in this order before the score decides. */
  readonly firstOf: readonly ModelId[];
  /** The same, behind the first choice. */
  readonly nextOf: readonly ModelId[];
  readonly minProviders: number;
};

type Selector = {
  readonly pinned: RoutableModel | undefined;
  readonly policy: string | undefined;
  readonly objective: 'cost' | 'latency' | undefined;
};

/**
 * Reads the model's name: a registry id, `auto`, `auto/<policy>`, with `:floor` (cheapest) or
 * `:nitro` (fastest). @throws RouterError `model_not_found` for a name that nothing answers to.
 */
export function select(
  request: RoutingRequest,
  requirement: Requirement,
  registry: Registry,
): Selection {
  const selector = readSelector(request.model ?? 'auto', registry);
  refuseUnknown(request.models, 'models', registry);
  refuseUnknown(request.fallbackOrder, 'routing.fallbackOrder', registry);
  const policyName = selector.policy ?? (selector.pinned ? 'pinned' : policyFor(requirement));
  const policy = policyNamed(policyName, registry) ?? {};
  const constraints = mergeConstraints(policy.constraints ?? {}, request);
  const objective = selector.objective ?? sortObjective(request.provider) ?? policy.objective;
  return {
    policy: policyName,
    weights: weightsOf(objective, registry),
    ...worthOf(objective, { constraints, requirement, registry }),
    constraints,
    preferences: request.provider,
    ...poolOf(selector, request, registry),
    ...(selector.pinned || policy.candidates === undefined
      ? {}
      : { allowed: narrowed(request.models, policy.candidates) }),
    minProviders: policy.minProviders ?? 1,
  };
}

type Weighing = {
  readonly constraints: RoutingConstraints;
  readonly requirement: Requirement;
  readonly registry: Registry;
};

function worthOf(
  objective: Policy['objective'],
  { constraints, requirement, registry }: Weighing,
): Pick<Selection, 'lambda' | 'unsureModel'> {
  const lambda = lambdaOf(objective, registry);
  const guard = registry.quality?.guard;
  const { reading } = requirement;
  if (lambda === undefined || guard === undefined) return { lambda };
  const isRead = reading !== undefined && constraints.task === undefined;
  const isUnsure = isRead && reading.confidence < guard.minConfidence;
  return { lambda, unsureModel: isUnsure ? guard.defaultModel : undefined };
}

const SUFFIXES = { ':floor': 'cost', ':nitro': 'latency' } as const;

function readSelector(name: string, registry: Registry): Selector {
  const exact = registry.modelById.get(name);
  if (exact !== undefined) return { pinned: exact, policy: undefined, objective: undefined };
  const suffix = (Object.keys(SUFFIXES) as (keyof typeof SUFFIXES)[]) // keys of the literal above
    .find((end) => name.endsWith(end));
  const base = suffix === undefined ? name : name.slice(0, -suffix.length);
  const objective = suffix && SUFFIXES[suffix];
  if (base === 'auto') return { pinned: undefined, policy: undefined, objective };
  if (base.startsWith('auto/')) {
    const policy = base.slice('auto/'.length);
    if (policyNamed(policy, registry) !== undefined)
      return { pinned: undefined, policy, objective };
  }
  const pinned = registry.modelById.get(base);
  if (pinned === undefined) throw unknownModel(base, 'model', registry);
  return { pinned, policy: undefined, objective };
}

function refuseUnknown(
  ids: readonly ModelId[] | undefined,
  field: string,
  registry: Registry,
): void {
  const unknown = ids?.find((id) => !registry.modelById.has(id));
  if (unknown !== undefined) throw unknownModel(unknown, field, registry);
}

function unknownModel(name: string, field: string, registry: Registry): RouterError {
  const policies = policyNames(registry).map((policy) => `auto/${policy}`);
  const close = nearest(name, ['auto', ...policies, ...registry.modelById.keys()]);
  const hint = close === undefined ? 'GET /v1/models lists them' : `did you mean "${close}"?`;
  return new RouterError('model_not_found', `there is no model "${name}"; ${hint}`, { field });
}

type Pool = Pick<Selection, 'allowed' | 'firstOf' | 'nextOf'>;

/**
 * A pinned model is tried first, and behind it only what the caller names or what shares its family.
 * With a suffix the objective orders that same pool. A list without a pinned model is its own order;
 * with `auto` it is the pool that the score orders.
 */
function poolOf(selector: Selector, request: RoutingRequest, registry: Registry): Pool {
  const named = [...(request.models ?? []), ...(request.fallbackOrder ?? [])];
  const { pinned } = selector;
  if (pinned === undefined) {
    const allowed = request.models === undefined ? undefined : new Set<string>(named);
    return { allowed, firstOf: [], nextOf: request.fallbackOrder ?? [] };
  }
  const relatives = named.length > 0 ? named : familyOf(pinned, registry);
  const allowed = new Set<string>([pinned.id, ...relatives]);
  if (selector.objective !== undefined) return { allowed, firstOf: [], nextOf: [] };
  return { allowed, firstOf: [pinned.id, ...named], nextOf: [] };
}

function familyOf(pinned: RoutableModel, registry: Registry): readonly ModelId[] {
  const { family } = pinned.entry;
  if (family === undefined) return [];
  return registry.models.filter((model) => model.entry.family === family).map((model) => model.id);
}

function narrowed(
  named: readonly ModelId[] | undefined,
  candidates: readonly ModelId[],
): ReadonlySet<string> {
  return new Set(named === undefined ? candidates : candidates.filter((id) => named.includes(id)));
}

/** The request may override a policy's wishes, but only add to its compliance. */
function mergeConstraints(
  policy: RoutingConstraints,
  request: RoutingConstraints,
): RoutingConstraints {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  return {
    ...policy,
    ...(Object.fromEntries(given) as RoutingConstraints), // the same fields, without empty ones
    compliance: [...(policy.compliance ?? []), ...(request.compliance ?? [])],
  };
}

const SORTS = { price: 'cost', latency: 'latency', throughput: 'latency' } as const;

function sortObjective(
  preferences: ProviderPreferences | undefined,
): 'cost' | 'latency' | undefined {
  return preferences?.sort && SORTS[preferences.sort];
}
