import type { JsonObject } from '../domain/json.ts';
import { usdFromNano } from '../domain/money.ts';
import type { AnswerBill } from '../domain/ports.ts';

/** US dollars by our price; what the provider says itself stands beside it. `null`: not known. */
export function toCost({ costNanoUsd, usage, usageIsEstimated }: AnswerBill): JsonObject {
  return {
    cost: costNanoUsd === undefined ? null : usdFromNano(costNanoUsd),
    cost_details: {
      upstream_cost: usage.upstreamCostUsd ?? null,
      is_estimated: usageIsEstimated,
    },
  };
}
