import type { Attempt } from '../domain/attempt.ts';
import type { Requirement, RoutingDecision } from '../domain/decision.ts';
import { overheadIn } from '../domain/input-size.ts';
import type { ModelId, RoutableModel } from '../domain/model.ts';
import type { Registry } from '../domain/registry.ts';
import { inputTokensOf, type Usage } from '../domain/response.ts';

/** Shorter texts say more of the overheads than of the tokenizer. */
const LEAST_TEXT_TOKENS = 64;
/** The text's least share of an input that its count can be read from. */
const LEAST_TEXT_RATIO = 0.8;

/**
 * How many tokens the model's provider counted for each that was estimated of the text; undefined
 * when nothing was reported, or the text is too small a part of the input to tell.
 */
export function tokenRatioOf(
  usage: Usage,
  requirement: Requirement,
  { tokenizer }: RoutableModel,
): number | undefined {
  const reported = inputTokensOf(usage);
  if (reported === undefined || reported === 0) return undefined;
  const text = requirement.inputTokens[tokenizer.family].estimated * tokenizer.multiplier;
  const { estimated: overhead } = overheadIn(requirement.inputSize, tokenizer);
  if (text < LEAST_TEXT_TOKENS || text / (text + overhead) < LEAST_TEXT_RATIO) return undefined;
  return Math.max(0, reported - overhead) / text;
}

type Counted = {
  readonly attempts: readonly Attempt[];
  readonly decision: RoutingDecision;
  /** What was decided for single calls, by number, where that is another decision. */
  readonly earlier?: ReadonlyMap<number, RoutingDecision>;
  readonly registry: Registry;
};

/** What the calls of a request tell of how their providers count. */
export function tokenRatiosOf(
  counted: Counted,
): readonly { readonly model: ModelId; readonly ratio: number }[] {
  const { attempts, decision, earlier, registry } = counted;
  return attempts.flatMap(({ number, model: id, usage }) => {
    const model = registry.modelById.get(id);
    const { requirement } = earlier?.get(number) ?? decision;
    const ratio = model && tokenRatioOf(usage, requirement, model);
    return ratio === undefined ? [] : [{ model: id, ratio }];
  });
}
