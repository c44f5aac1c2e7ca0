import type { Extras } from '../domain/conversation.ts';
import { isJsonObject, type JsonObject } from '../domain/json.ts';

/** A wire's own fields of a part, which only it is given back; empty where the part has none. */
export function ownExtras(wire: string, part: { readonly extras?: Extras }): JsonObject {
  const own = part.extras?.[wire];
  return isJsonObject(own) ? own : {};
}
