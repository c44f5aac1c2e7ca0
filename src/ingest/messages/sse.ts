import type { JsonObject } from '../../domain/json.ts';

/** An event of the dialect: its name stands in its data, too. */
export function toSse(type: string, fields: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
