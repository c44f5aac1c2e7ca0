import type { Extras } from '../domain/conversation.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/json.ts';

/**
 * The extras of two pieces of one part as those of one piece; undefined where the later do not go on
 * from the earlier. What comes in pieces is a list, as OpenRouter's reasoning details are.
 */
export function joinExtras(earlier: Extras, later: Extras): Extras | undefined {
  const joined: Record<string, JsonValue> = { ...earlier };
  for (const [wire, fields] of Object.entries(later)) {
    const before = earlier[wire] ?? {};
    if (!isJsonObject(fields) || !isJsonObject(before)) return undefined;
    const lists: Record<string, JsonValue> = { ...before };
    for (const [name, list] of Object.entries(fields)) {
      const beginning = before[name] ?? [];
      if (!Array.isArray(list) || !Array.isArray(beginning)) return undefined;
      lists[name] = joinDetails([...beginning, ...list]);
    }
    joined[wire] = lists;
  }
  return joined;
}

/** Fields of a reasoning detail that hold words, which streams give in pieces. */
const WORDS = ['text', 'summary'] as const;

/** Reasoning details with the pieces of one thought put together. */
export function joinDetails(details: readonly JsonValue[]): JsonObject[] {
  const joined: JsonObject[] = [];
  for (const detail of details.filter(isJsonObject)) {
    const last = joined.at(-1);
    if (last === undefined || !isSameThought(last, detail)) joined.push(detail);
    else joined[joined.length - 1] = joinThoughts(last, detail);
  }
  return joined;
}

/** A signature ends the thought that it signs. */
function isSameThought(earlier: JsonObject, later: JsonObject): boolean {
  const isSame = earlier['type'] === later['type'] && earlier['index'] === later['index'];
  return isSame && !earlier['signature'] && WORDS.some((field) => field in earlier);
}

function joinThoughts(earlier: JsonObject, later: JsonObject): JsonObject {
  const given = Object.entries(later).filter(([, value]) => value !== null);
  const words = WORDS.filter((field) => field in earlier).map((field) => [
    field,
    wordsOf(earlier, field) + wordsOf(later, field),
  ]);
  return { ...earlier, ...Object.fromEntries(given), ...Object.fromEntries(words) };
}

function wordsOf(detail: JsonObject, field: string): string {
  const words = detail[field];
  return typeof words === 'string' ? words : '';
}
