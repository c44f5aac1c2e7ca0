import type { JsonObject } from '../../domain/json.ts';

/** One event of a Responses stream, before it has its number. */
export type OutputEvent = { readonly type: string; readonly fields: JsonObject };

/** The place and the name of an item in an answer's output. */
export type ItemPlace = { readonly at: number; readonly id: string };

/** Whether an item came to its end, or was cut off by the limit of the answer. */
export type ItemStatus = 'completed' | 'incomplete';

export function itemAdded({ at }: ItemPlace, item: JsonObject): OutputEvent {
  return { type: 'response.output_item.added', fields: { output_index: at, item } };
}

export function itemDone({ at }: ItemPlace, item: JsonObject): OutputEvent {
  return { type: 'response.output_item.done', fields: { output_index: at, item } };
}

/** An event inside an item. */
export function inItem({ at, id }: ItemPlace, type: string, fields: JsonObject): OutputEvent {
  return { type, fields: { item_id: id, output_index: at, ...fields } };
}
