import type { AnswerFacts } from './answer-facts.ts';

/** Nothing was reported. */
export const NO_USAGE: AnswerFacts['usage'] = {
  input: undefined,
  output: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  reasoning: undefined,
};

const FINISH_WORDS: readonly (readonly [string, readonly string[]])[] = [
  ['stop', ['stop', 'eos', 'end_turn', 'stop_sequence', 'STOP', 'pause_turn']],
  ['length', ['length', 'max_tokens', 'MAX_TOKENS']],
  ['tool-calls', ['tool_calls', 'tool_call', 'function_call', 'tool_use']],
  ['content-filter', ['content_filter', 'refusal', 'SAFETY', 'RECITATION', 'MODEL_ARMOR']],
];

/** An answer that calls a tool and has an ordinary end waits for the tool, whatever it says. */
export function finishOf(raw: string | undefined, hasCalls: boolean): AnswerFacts['finish'] {
  const unified = FINISH_WORDS.find(([, words]) => words.includes(raw ?? ''))?.[0] ?? 'unknown';
  return { unified: unified === 'stop' && hasCalls ? 'tool-calls' : unified, raw };
}
