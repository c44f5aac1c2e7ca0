import {
  inputTokensFor,
  type Rejection,
  type RejectionReason,
  type Requirement,
} from '../domain/decision.ts';
import { dialectOf } from '../domain/dialect.ts';
import type { Ability, Parameter, RoutableModel } from '../domain/model.ts';
import { type NanoUsd, usdFromNano } from '../domain/money.ts';
import type { BreakerHealth } from '../domain/ports.ts';
import type { Selection } from './select.ts';
import { vectorFault } from './vector-fault.ts';

/** What is known of a model at this moment, beside its entry. */
export type ModelHealth = {
  readonly breaker: BreakerHealth;
  /** Of its provider's host. */
  readonly host: BreakerHealth;
  readonly key: 'free' | 'held' | 'none';
  /** Measured time to the first token; undefined while too few calls were seen. */
  readonly latencyMs: number | undefined;
  /** Reported over estimated input tokens; 1 by default. */
  readonly tokenRatio?: number;
};

/** What is the same for all requests of a kind, as long as the registry is. */
export type Standing = {
  readonly model: RoutableModel;
  readonly requirement: Requirement;
  readonly selection: Selection;
};

/** Everything that a rule may look at. */
export type Examination = Standing & {
  readonly health: ModelHealth;
  readonly estimatedCostNanoUsd: NanoUsd | undefined;
  /** Predicted, 0 to 1; undefined where nothing is known of the model's quality. */
  readonly quality: number | undefined;
  readonly now: number;
};

type Verdict = readonly [RejectionReason, string] | undefined;
type Rule<Facts> = (facts: Facts) => Verdict;

/**
 * Rules out a model by what it is, or not; comes before what passes, so that a rejection names what
 * would have to change for good. Looks at nothing that `kindOfRequest` leaves out.
 */
export function ruleOutForGood(standing: Standing): Rejection | undefined {
  return firstVerdict(STANDING_RULES, standing);
}

/** Rules out a model by the size of this request, by its limits or by the moment. */
export function ruleOutForNow(examination: Examination): Rejection | undefined {
  return firstVerdict(PASSING_RULES, examination);
}

function firstVerdict<Facts extends Standing>(
  rules: readonly Rule<Facts>[],
  facts: Facts,
): Rejection | undefined {
  for (const rule of rules) {
    const verdict = rule(facts);
    if (verdict === undefined) continue;
    const [reason, message] = verdict;
    return { model: facts.model.id, reason, message };
  }
  return undefined;
}

const STANDING_RULES: readonly Rule<Standing>[] = [
  isNoCandidate,
  isOfOtherKind,
  isOfExcludedProvider,
  isNotActive,
  lacksCompliance,
  isInWrongRegion,
  speaksOtherDialect,
  lacksAbility,
  lacksParameter,
  cannotEmbedSo,
];

const PASSING_RULES: readonly Rule<Examination>[] = [
  isRetired,
  hasTooSmallWindow,
  hasTooLittleOutput,
  hasTooLowQuality,
  costsTooMuch,
  exceedsMaxPrice,
  isTooSlow,
  hasNoKey,
  isBroken,
  isOnBrokenHost,
];

function isNoCandidate({ model, selection }: Standing): Verdict {
  if (selection.allowed?.has(model.id) !== false) return undefined;
  return ['not-a-candidate', 'not among the models that were asked for'];
}

/** Models that make vectors and models that answer conversations do not stand in for each other. */
function isOfOtherKind({ model, requirement }: Standing): Verdict {
  const isAsked = requirement.embedding !== undefined;
  if (isAsked === (model.capability.embedding !== undefined)) return undefined;
  return isAsked
    ? ['no-embeddings', 'makes no vectors']
    : ['embeddings-only', 'makes vectors only'];
}

function isOfExcludedProvider({ model, selection }: Standing): Verdict {
  const { id } = model.provider;
  const { only, ignore } = selection.preferences ?? {};
  if (ignore?.includes(id)) return ['provider-excluded', `provider.ignore names ${id}`];
  if (only === undefined || only.includes(id)) return undefined;
  return ['provider-excluded', `provider.only does not name ${id}`];
}

function isNotActive({ model }: Standing): Verdict {
  const { status } = model.entry;
  return status === 'active' ? undefined : ['not-active', `its status is ${status}`];
}

function isRetired({ model, now }: Examination): Verdict {
  const { retiresAt } = model.entry;
  if (retiresAt === undefined || now < Date.parse(retiresAt)) return undefined;
  return ['retired', `it was retired on ${retiresAt}`];
}

function lacksCompliance({ model, requirement }: Standing): Verdict {
  const missing = [...requirement.compliance].filter(
    (tag) => !model.capability.compliance.has(tag),
  );
  return missing.length === 0 ? undefined : ['not-compliant', `lacks ${missing.join(', ')}`];
}

/** Any of the regions will do. */
function isInWrongRegion({ model, requirement }: Standing): Verdict {
  const wanted = [...requirement.regions];
  if (wanted.length === 0) return undefined;
  const { regions } = model.capability;
  if (wanted.some((region) => regions.has(region))) return undefined;
  return ['wrong-region', `runs in ${[...regions].join(', ') || 'no known region'}`];
}

/** Server tools and uploads of one dialect have no words in another. */
function speaksOtherDialect({ model, requirement }: Standing): Verdict {
  const { dialect } = requirement;
  if (dialect === undefined || dialectOf(model.wire) === dialect) return undefined;
  return ['other-dialect', `what is asked can be said in ${dialect} only`];
}

const ABILITY_REASONS: Readonly<Record<Ability, readonly [RejectionReason, string]>> = {
  functionCalling: ['no-function-calling', 'cannot call tools'],
  parallelToolCalls: ['no-parallel-tool-calls', 'cannot call several tools at once'],
  vision: ['no-vision', 'cannot see images'],
  fileUrls: ['no-file-urls', 'takes documents inside the request only, not their addresses'],
  imageUrls: ['no-image-urls', 'takes images inside the request only, not their addresses'],
  pdf: ['no-pdf', 'cannot read documents'],
  audio: ['no-audio', 'cannot hear audio'],
  structuredOutput: ['no-structured-output', 'cannot be held to a JSON schema'],
  reasoning: ['no-reasoning', 'has no reasoning settings'],
  prefill: ['no-prefill', 'cannot go on from an answer that was begun for it'],
};
const ABILITIES = Object.keys(ABILITY_REASONS) as Ability[]; // the record has every ability

function lacksAbility({ model, requirement }: Standing): Verdict {
  const missing = ABILITIES.find(
    (ability) => requirement.abilities[ability] && !model.capability[ability],
  );
  return missing && ABILITY_REASONS[missing];
}

function lacksParameter({ model, requirement }: Standing): Verdict {
  if (!requirement.parametersAreRequired) return undefined;
  const missing = unhonoredBy(model, requirement);
  return missing.length === 0
    ? undefined
    : ['unsupported-parameter', `does not honor ${missing.join(', ')}`];
}

/** The settings asked for that a model will not honor. */
export function unhonoredBy(model: RoutableModel, requirement: Requirement): readonly Parameter[] {
  const { parameters } = model.capability;
  return [...requirement.parameters].filter((parameter) => !parameters.has(parameter));
}

function cannotEmbedSo({ model, requirement }: Standing): Verdict {
  const { embedding } = requirement;
  return embedding && vectorFault(model, embedding);
}

function hasTooSmallWindow({ model, requirement, health }: Examination): Verdict {
  const { contextTokens, inputTokens } = model.capability;
  const { atMost } = inputTokensFor(requirement, model, health.tokenRatio);
  const needed = Math.max(
    windowFor(requirement, model, health.tokenRatio),
    requirement.contextTokens,
  );
  if (needed > contextTokens) {
    return ['window-too-small', `window ${contextTokens}, needs up to ${needed} tokens`];
  }
  if (atMost <= inputTokens) return undefined;
  return ['window-too-small', `takes ${inputTokens} input tokens, needs up to ${atMost}`];
}

/** A conversation must fit as a whole, with its answer; of texts to embed, each by itself. */
function windowFor(requirement: Requirement, model: RoutableModel, tokenRatio = 1): number {
  const { embedding, outputRoomTokens } = requirement;
  if (embedding !== undefined) {
    const longest = { ...requirement, inputTokens: embedding.longestInput };
    return inputTokensFor(longest, model, tokenRatio).atMost;
  }
  return inputTokensFor(requirement, model, tokenRatio).atMost + outputRoomTokens;
}

function hasTooLittleOutput({ model, requirement }: Examination): Verdict {
  const { outputTokens } = model.capability;
  const { outputRoomTokens } = requirement;
  if (outputRoomTokens <= outputTokens) return undefined;
  return ['output-too-small', `writes at most ${outputTokens} tokens, needs ${outputRoomTokens}`];
}

function hasTooLowQuality({ quality, requirement, selection }: Examination): Verdict {
  const { minQuality } = selection.constraints;
  if (minQuality === undefined) return undefined;
  if (quality === undefined) return ['quality-too-low', `no quality known for ${requirement.task}`];
  if (quality >= minQuality) return undefined;
  const predicted = Math.round(quality * 1000) / 1000;
  return ['quality-too-low', `quality ${predicted} for ${requirement.task}, needs ${minQuality}`];
}

function costsTooMuch({ selection, estimatedCostNanoUsd: cost }: Examination): Verdict {
  const { maxCostUsd } = selection.constraints;
  if (maxCostUsd === undefined) return undefined;
  if (cost === undefined) return ['price-unknown', 'its price is not known, and a limit is set'];
  if (usdFromNano(cost) <= maxCostUsd) return undefined;
  return ['too-expensive', `would cost about $${usdFromNano(cost)}, limit $${maxCostUsd}`];
}

const PICO_PER_TOKEN_OF_USD_PER_MILLION = 1_000_000;

function exceedsMaxPrice({ model, selection }: Examination): Verdict {
  const limit = selection.preferences?.max_price;
  if (limit === undefined) return undefined;
  const { price } = model;
  if (price === undefined) return ['price-unknown', 'its price is not known, and max_price is set'];
  const prompt = price.inputPicoUsd / PICO_PER_TOKEN_OF_USD_PER_MILLION;
  const completion = price.outputPicoUsd / PICO_PER_TOKEN_OF_USD_PER_MILLION;
  if (prompt <= (limit.prompt ?? Infinity) && completion <= (limit.completion ?? Infinity)) {
    return undefined;
  }
  return ['too-expensive', `costs $${prompt} in and $${completion} out per million tokens`];
}

/** A model that usually begins after the deadline cannot answer in time. */
function isTooSlow({ model, selection, health }: Examination): Verdict {
  const { deadlineMs } = selection.constraints;
  const latencyMs = health.latencyMs ?? model.entry.estimatedP50LatencyMs;
  if (deadlineMs === undefined || latencyMs < deadlineMs) return undefined;
  return ['too-slow', `begins after about ${Math.round(latencyMs)} ms, deadline ${deadlineMs} ms`];
}

function hasNoKey({ model, health }: Examination): Verdict {
  const { unset, secret } = model.provider;
  if (health.key === 'none') return ['no-key', `${unset ?? secret ?? 'its key'} is not set`];
  if (health.key === 'held') return ['key-held', 'every key of its provider must rest'];
  return undefined;
}

function isOnBrokenHost({ health, model }: Examination): Verdict {
  const { isPassable, retryInMs } = health.host;
  if (isPassable) return undefined;
  const seconds = Math.ceil(retryInMs / 1000);
  return ['provider-open', `${model.provider.id} does not answer, again in ${seconds} s`];
}

function isBroken({ health }: Examination): Verdict {
  const { isPassable, state, retryInMs } = health.breaker;
  if (isPassable) return undefined;
  return ['breaker-open', `its breaker is ${state}, again in ${Math.ceil(retryInMs / 1000)} s`];
}
