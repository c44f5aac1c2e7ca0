/**
 * Kinds of work that requests are told apart by; keys of the models' quality tables. Registries may
 * name others, which callers then ask for by name: nothing is classified into those.
 */
export const TASK_KINDS = [
  'word-problem',
  'mathematics',
  'physics',
  'chemistry',
  'engineering',
  'biology',
  'medicine',
  'law',
  'business',
  'history',
  'psychology',
  'computing',
  'logic',
  'knowledge',
  'commonsense',
  'open-question',
  'writing',
  'reading',
  'code',
  'code-reasoning',
  'classification',
  'extraction',
  'summarization',
  'translation',
  'chat',
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Told by the request's form and not by its text: tools are offered, or have answered. */
export const TOOL_USE = 'tool-use';

/** The column of a quality table for every kind that it does not name. */
export const GENERAL_TASK = 'general';

/** Kinds that are hard for the same reasons share what makes a request of them hard. */
export const DIFFICULTY_GROUPS = ['knowledge', 'word-problems', 'language-and-code'] as const;
export type DifficultyGroup = (typeof DIFFICULTY_GROUPS)[number];

/** In the list above, this kind and all behind it. */
const FIRST_OF_LANGUAGE = TASK_KINDS.indexOf('commonsense');

export function difficultyGroupOf(kind: TaskKind): DifficultyGroup {
  if (kind === 'word-problem') return 'word-problems';
  return TASK_KINDS.indexOf(kind) >= FIRST_OF_LANGUAGE ? 'language-and-code' : 'knowledge';
}

/** What the text of a request tells: which kinds of work it may be, and how hard it is. */
export type TaskReading = {
  /** The share of the likeliest kind, 0 to 1. */
  readonly confidence: number;
  /** The kinds that it may be, likeliest first, with shares that add up to 1. */
  readonly shares: readonly KindShare[];
  readonly ease: Ease;
  /** What spoke for the likeliest kind, the strongest first; features and never words of the text. */
  readonly evidence: readonly Evidence[];
};

export type KindShare = { readonly kind: string; readonly share: number };

/** How much likelier than usual a right answer is, in logits: below 0 a request is hard. */
export type Ease = { readonly forWeak: number; readonly forStrong: number };

export type Evidence = {
  readonly feature: string;
  /** In logits, for the kind against the mean of all. */
  readonly weight: number;
};
