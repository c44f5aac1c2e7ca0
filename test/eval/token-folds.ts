import { readFileSync } from 'node:fs';
import type { PackedTokenWeights } from '../../src/classify/token-tables.ts';

/** By domain: the weights that the texts of all other domains give. */
export type TokenFolds = Readonly<Record<string, PackedTokenWeights>>;

export const FOLDS_FILE = new URL('token-folds.json', import.meta.url);

/** As `fit-tokens.ts` has written them. */
export function readTokenFolds(): TokenFolds {
  return JSON.parse(readFileSync(FOLDS_FILE, 'utf8')) as TokenFolds;
}
