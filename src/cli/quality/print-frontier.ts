import type { Calibration } from './calibrate-pool.ts';

const SHOWN_POINTS = 8;

/** The frontier as a table, with the best single model and the random mix of equal quality beside it. */
export function printFrontier(name: string, calibration: Calibration): string {
  const { singles, best, points, frontier } = calibration;
  const { defaultModel } = calibration.pool;
  const lines = [
    `${name}: best single model ${defaultModel}, quality ${fixed(best.quality)}, $${usd(best.cost)} a request`,
    '  point      λ per $   quality  against best    cost  random mix of equal quality',
    ...[...points].map(([point, at]) => row(point, at)),
    ...thinned(frontier).map((at) => row('', at)),
    '',
  ];
  return `${lines.join('\n')}\n`;

  function row(point: string, at: { lambda: number; quality: number; cost: number }): string {
    const gain = `${at.quality >= best.quality ? '+' : ''}${(100 * (at.quality - best.quality)).toFixed(1)} points`;
    const mix = cheapestMix(singles, at.quality);
    return [
      `  ${point.padEnd(6)}`,
      at.lambda.toPrecision(3).padStart(11),
      fixed(at.quality).padStart(9),
      gain.padStart(13),
      `${(at.cost / best.cost).toFixed(2)}x`.padStart(8),
      mix === undefined ? '     none' : `${(mix / best.cost).toFixed(2)}x`.padStart(9),
    ].join(' ');
  }
}

type Single = { readonly quality: number; readonly cost: number };

/** What the cheapest random mix of two models with that quality costs; undefined where none has it. */
export function cheapestMix(singles: readonly Single[], quality: number): number | undefined {
  let cheapest = Infinity;
  for (const low of singles) {
    if (low.quality >= quality) cheapest = Math.min(cheapest, low.cost);
    for (const high of singles) {
      if (low.quality >= quality || high.quality < quality) continue;
      const share = (quality - low.quality) / (high.quality - low.quality);
      cheapest = Math.min(cheapest, (1 - share) * low.cost + share * high.cost);
    }
  }
  return Number.isFinite(cheapest) ? cheapest : undefined;
}

function thinned<T>(points: readonly T[]): T[] {
  const every = Math.max(Math.floor(points.length / SHOWN_POINTS), 1);
  return points.filter((_, at) => at % every === 0);
}

function fixed(quality: number): string {
  return quality.toFixed(3);
}

function usd(cost: number): string {
  return cost.toPrecision(3);
}
