/** Places of `prefixes`; an ASCII sign has the place of its code. */
export const NO_PREFIX = 0;
export const SPACE_PREFIX = 1;
export const TAB_PREFIX = 2;
/** A sign beyond ASCII. */
export const SIGN_PREFIX = 3;

/** Classes of runs; from `SCRIPTS` on one for each script. */
export const WORDS = 0;
/** Words with letters or marks beyond ASCII. */
export const MARKED_WORDS = 1;
export const NUMBERS = 2;
export const SIGNS = 3;
export const SPACES = 4;
export const SCRIPTS = 5;
export const SCRIPT_COUNT = 46;

/** Behind the pairs, what other families count differently: digits, */
export const DIGITS = (SCRIPTS + SCRIPT_COUNT) * 2;
/** words behind a sign, */
export const JOINED = DIGITS + 1;
/** signs with a line end behind them, */
export const LINE_ENDS = DIGITS + 2;
/** words behind a tab, */
export const TABBED = DIGITS + 3;
/** the characters of runs of signs, */
export const SIGN_LENGTH = DIGITS + 4;
/** and words with "'s" and its like. */
export const CONTRACTED = DIGITS + 5;
export const SUMS = DIGITS + 6;

/** Weights are kept in these fractions of a token. */
export const UNITS_PER_TOKEN = 32;
