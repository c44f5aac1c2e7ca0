import type { ListedModel, Outcome } from './demo-client.ts';

/** One row of the table: a request, what came of it, and what the best model would have cost. */
export type DemoRow = {
  readonly asked: string;
  readonly why: string;
  /** Undefined for a request that was not sent. */
  readonly outcome: Outcome | undefined;
  readonly best: ListedModel | undefined;
};

type Column = {
  readonly head: string;
  readonly widest: number;
  readonly isNumber?: true;
  readonly text: (row: DemoRow) => string;
};

const COLUMNS: readonly Column[] = [
  { head: 'asked', widest: 22, text: ({ asked }) => asked },
  { head: 'model', widest: 27, text: modelText },
  { head: 'why', widest: 28, text: ({ why }) => why },
  { head: 'tries', widest: 5, isNumber: true, text: ({ outcome }) => countText(outcome?.attempts) },
  { head: 'ms', widest: 5, isNumber: true, text: ({ outcome }) => countText(outcome?.ms) },
  { head: 'cost', widest: 10, isNumber: true, text: ({ outcome }) => usdText(costOf(outcome)) },
  { head: 'best model', widest: 10, isNumber: true, text: (row) => usdText(bestCostOf(row)) },
];

const GAP = '  ';
const NONE = '–';

/** The table with its sums, at most 120 columns wide. */
export function tableOf(rows: readonly DemoRow[]): string {
  const widths = COLUMNS.map(({ head, widest, text }) => {
    const longest = Math.max(head.length, ...rows.map((row) => text(row).length));
    return Math.min(longest, widest);
  });
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, at) => cell(text, widths[at] ?? 0, COLUMNS[at]?.isNumber))
      .join(GAP)
      .trimEnd();
  return [
    line(COLUMNS.map(({ head }) => head)),
    line(widths.map((width) => '─'.repeat(width))),
    ...rows.map((row) => line(COLUMNS.map(({ text }) => text(row)))),
    line(widths.map((width) => '─'.repeat(width))),
    line([
      'sum',
      '',
      '',
      '',
      '',
      usdText(sumOf(rows, costOfRow)),
      usdText(sumOf(rows, bestCostOf)),
    ]),
  ].join('\n');
}

/** How much less the router's choices cost, over the requests that both prices are known of. */
export function ratioText(rows: readonly DemoRow[]): string {
  const priced = rows.filter(
    (row) => costOfRow(row) !== undefined && bestCostOf(row) !== undefined,
  );
  const cost = sumOf(priced, costOfRow);
  const best = sumOf(priced, bestCostOf);
  if (cost === 0 || best === 0) return 'No price is known, so nothing can be compared.';
  const saved = Math.round((1 - cost / best) * 100);
  const times = (best / cost).toFixed(1);
  return `The router's choices cost ${times} times less than always the best model: ${saved} % saved.`;
}

function cell(text: string, width: number, isNumber = false): string {
  const cut = text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  return isNumber ? cut.padStart(width) : cut.padEnd(width);
}

function modelText({ outcome }: DemoRow): string {
  if (outcome === undefined) return 'not sent';
  if (outcome.model !== undefined) return outcome.model;
  return `${outcome.status < 500 ? 'refused' : 'failed'}: ${outcome.status}`;
}

function countText(count: number | undefined): string {
  return count === undefined ? NONE : String(Math.round(count));
}

function costOf(outcome: Outcome | undefined): number | undefined {
  return outcome?.usage?.cost ?? undefined;
}

function costOfRow({ outcome }: DemoRow): number | undefined {
  return costOf(outcome);
}

/** The same tokens at the best model's price. */
function bestCostOf({ outcome, best }: DemoRow): number | undefined {
  const { costPer1kInputTokens: input, costPer1kOutputTokens: output } = best?.pricing ?? {};
  const usage = outcome?.usage;
  if (usage === undefined || typeof input !== 'number' || typeof output !== 'number') {
    return undefined;
  }
  return (usage.prompt_tokens * input + usage.completion_tokens * output) / 1000;
}

function sumOf(rows: readonly DemoRow[], costOf: (row: DemoRow) => number | undefined): number {
  return rows.reduce((sum, row) => sum + (costOf(row) ?? 0), 0);
}

function usdText(usd: number | undefined): string {
  return usd === undefined ? NONE : `$${usd.toFixed(7)}`;
}
