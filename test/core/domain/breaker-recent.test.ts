import { expect, it } from 'vitest';
import { BreakerView } from '../../../src/domain/breaker-view.ts';
import { breakerPolicySchema } from '../../../src/domain/routing-config.ts';

const NOW = 1_000_000;

/** A view of a model whose calls ended so, one after the other. */
function viewOf(...outcomes: readonly boolean[]): BreakerView {
  const view = new BreakerView(() => breakerPolicySchema.parse({}));
  for (const isGood of outcomes) view.record({ permit: undefined }, isGood, NOW);
  return view;
}

it('BreakerView knows for thirty seconds that a model was well when it was last asked', () => {
  expect(viewOf(false, true).hasJustAnswered(NOW + 29_999)).toBe(true);
  expect(viewOf(false, true).hasJustAnswered(NOW + 30_000)).toBe(false);
  expect(viewOf(true, false).hasJustAnswered(NOW)).toBe(false);
  expect(viewOf().hasJustAnswered(NOW)).toBe(false);
});
