import type { Rejection, Requirement } from '../domain/decision.ts';
import { type Ability, PARAMETERS, type RoutableModel } from '../domain/model.ts';
import type { Registry } from '../domain/registry.ts';
import { ruleOutForGood } from './eligibility.ts';
import type { Selection } from './select.ts';

/** Who may answer requests of one kind, whatever their size and the moment, and who may not. */
export type Shortlist = {
  readonly models: readonly RoutableModel[];
  readonly rejections: readonly Rejection[];
};

/** So many kinds of request are remembered for a registry; traffic has a few dozen. */
const MOST_KINDS = 256;

/** A registry never changes, a new document is a new one: what was found holds as long as it lives. */
const known = new WeakMap<Registry, Map<string, Shortlist>>();

export function shortlistFor(
  requirement: Requirement,
  selection: Selection,
  registry: Registry,
): Shortlist {
  const lists = known.get(registry) ?? new Map<string, Shortlist>();
  known.set(registry, lists);
  const kind = kindOfRequest(requirement, selection);
  const found = lists.get(kind);
  if (found !== undefined) return found;
  const shortlist = examineAll(requirement, selection, registry);
  if (lists.size >= MOST_KINDS) lists.clear();
  lists.set(kind, shortlist);
  return shortlist;
}

function examineAll(requirement: Requirement, selection: Selection, registry: Registry): Shortlist {
  const models: RoutableModel[] = [];
  const rejections: Rejection[] = [];
  for (const model of registry.models) {
    const rejection = ruleOutForGood({ model, requirement, selection });
    if (rejection === undefined) models.push(model);
    else rejections.push(rejection);
  }
  return { models, rejections };
}

/** Everything that the standing rules look at, as one word. */
export function kindOfRequest(requirement: Requirement, selection: Selection): string {
  const { abilities, parameters, parametersAreRequired, compliance, regions, dialect } =
    requirement;
  const { embedding } = requirement;
  const { allowed, preferences } = selection;
  return [
    ABILITIES.filter((ability) => abilities[ability]),
    parametersAreRequired ? PARAMETERS.filter((parameter) => parameters.has(parameter)) : '*',
    sorted(compliance),
    sorted(regions),
    dialect,
    embedding && [embedding.inputs, embedding.dimensions, embedding.format, embedding.isTokenized],
    allowed === undefined ? '*' : sorted(allowed),
    preferences?.only ?? '*',
    preferences?.ignore,
  ]
    .map((part) => (part === undefined || typeof part === 'string' ? part : part.join(' ')))
    .join('|');
}

const ABILITIES: readonly Ability[] = [
  'functionCalling',
  'parallelToolCalls',
  'vision',
  'imageUrls',
  'fileUrls',
  'pdf',
  'audio',
  'structuredOutput',
  'reasoning',
  'prefill',
];

function sorted(names: ReadonlySet<string>): readonly string[] {
  return names.size === 0 ? [] : [...names].sort();
}
