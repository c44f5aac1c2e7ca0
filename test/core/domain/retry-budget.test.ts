import { describe, expect, it } from 'vitest';
import { RetryBudget } from '../../../src/domain/retry-budget.ts';

/** How many of so many second tries, one behind each first try, are allowed. */
function allowed(budget: RetryBudget, tries: number, now: number): number {
  let count = 0;
  for (let at = 0; at < tries; at++) {
    budget.note();
    if (budget.take(now)) count += 1;
  }
  return count;
}

describe('RetryBudget', () => {
  it('allows a tenth of the first tries once what was saved up is spent (F90)', () => {
    const budget = new RetryBudget();
    allowed(budget, 100, 1000);

    expect(allowed(budget, 1000, 1000)).toBe(100);
  });

  it('allows one a second at the least', () => {
    const budget = new RetryBudget();
    allowed(budget, 100, 1000);
    while (budget.take(1000));

    expect(budget.take(2000)).toBe(true);
    expect(budget.take(2000)).toBe(false);
  });

  it('saves up no more than ten, however long nothing fails', () => {
    const budget = new RetryBudget();
    budget.take(0);

    let count = 0;
    while (budget.take(3_600_000)) count += 1;

    expect(count).toBe(10);
  });
});
