import { DIGITS, SUMS } from '../../src/classify/places.ts';
import { TOKENIZER_FAMILIES, type TokenizerFamily } from '../../src/domain/model.ts';

/** What each sum of a scan counts for, by family. */
export type FamilyShares = Readonly<Record<TokenizerFamily, Float64Array>>;

type Sample = {
  readonly sums: Float64Array;
  readonly tokens: Readonly<Record<TokenizerFamily, number>>;
};

/** Every run a token and its excess: what `o200k` is by definition, and a start for the others. */
export const WHOLE = Float64Array.from({ length: SUMS }, (_, at) => (at < DIGITS ? 1 : 0));

/**
 * Shares with the least squared relative error over the samples, drawn back to `center`: a class that
 * no sample has keeps its share. `o200k` stays what the tables are fitted for.
 */
export function fitFamilies(
  samples: readonly Sample[],
  center: FamilyShares,
  pull: number,
): FamilyShares {
  const entries = TOKENIZER_FAMILIES.map((family) => [
    family,
    family === 'o200k' ? WHOLE : fitFamily(samples, { family, center: center[family], pull }),
  ]);
  return Object.fromEntries(entries) as FamilyShares; // all families are there
}

type FamilyFit = {
  readonly family: TokenizerFamily;
  readonly center: Float64Array;
  readonly pull: number;
};

function fitFamily(samples: readonly Sample[], { family, center, pull }: FamilyFit): Float64Array {
  const matrix = Array.from({ length: SUMS }, () => new Float64Array(SUMS));
  const right = new Float64Array(SUMS);
  for (const { sums, tokens } of samples) {
    const shares = sums.map((sum) => sum / tokens[family]);
    const rest = 1 - dot(shares, center);
    for (const [row, share] of shares.entries()) {
      if (share === 0) continue;
      right[row] = (right[row] ?? 0) + rest * share;
      addScaled(matrix[row], shares, share);
    }
  }
  for (const [at, row] of matrix.entries()) row[at] = (row[at] ?? 0) + pull;
  const change = solve(matrix, right);
  // Extras correct the classes and may be below nothing; a run may not.
  return center.map((share, at) => {
    const changed = share + (change[at] ?? 0);
    return at < DIGITS ? Math.max(0, changed) : changed;
  });
}

function addScaled(row: Float64Array | undefined, values: Float64Array, scale: number): void {
  if (row === undefined) return;
  for (let at = 0; at < row.length; at++) row[at] = (row[at] ?? 0) + scale * (values[at] ?? 0);
}

/** Solves a symmetric, positive system by Cholesky's decomposition. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const lower = decompose(matrix);
  const half = new Float64Array(right.length);
  for (const [at, row] of lower.entries()) {
    half[at] = ((right[at] ?? 0) - dot(row, half, at)) / (row[at] ?? 1);
  }
  const solution = new Float64Array(right.length);
  for (let at = right.length - 1; at >= 0; at--) {
    const column = Float64Array.from(lower, (row) => row[at] ?? 0);
    const diagonal = column[at] ?? 1;
    solution[at] = ((half[at] ?? 0) - dot(column, solution)) / diagonal;
  }
  return solution;
}

/** The lower half whose square is the matrix. */
function decompose(matrix: readonly Float64Array[]): readonly Float64Array[] {
  const lower = matrix.map((row) => new Float64Array(row.length));
  for (const [at, row] of lower.entries()) {
    for (let column = 0; column < at; column++) {
      const above = lower[column] ?? row;
      const rest = (matrix[at]?.[column] ?? 0) - dot(row, above, column);
      row[column] = rest / (above[column] ?? 1);
    }
    row[at] = Math.sqrt((matrix[at]?.[at] ?? 0) - dot(row, row, at));
  }
  return lower;
}

function dot(a: Float64Array, b: Float64Array, length = a.length): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
