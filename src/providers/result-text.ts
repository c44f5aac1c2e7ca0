import type { ToolResultPart } from '../domain/conversation.ts';

const SAYS_ERROR = /^\W*(?:\w+)?error/i;

/**
 * What must stand before a tool's result in a dialect that has no mark for one that failed; nothing
 * where it did not, or where its own text begins by saying so.
 */
export function failureWords({ content, isError }: ToolResultPart): string {
  if (!isError) return '';
  const [first] = content;
  return first?.type === 'text' && SAYS_ERROR.test(first.text) ? '' : 'Error: ';
}
