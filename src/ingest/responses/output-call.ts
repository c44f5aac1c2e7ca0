import { type JsonObject, parseJson } from '../../domain/json.ts';
import {
  type ItemPlace,
  type ItemStatus,
  inItem,
  itemAdded,
  itemDone,
  type OutputEvent,
} from './output-event.ts';

type Called = { readonly callId: string; readonly name: string };

/** A call of one of the caller's tools. */
export class OutputCall {
  place: ItemPlace;
  readonly #called: Called;
  #json = '';

  constructor(place: ItemPlace, called: Called) {
    this.place = place;
    this.#called = called;
  }

  begin(): OutputEvent[] {
    return [itemAdded(this.place, this.#item('in_progress'))];
  }

  add(delta: string): OutputEvent[] {
    this.#json += delta;
    return [inItem(this.place, 'response.function_call_arguments.delta', { delta })];
  }

  /** Whether its arguments are all there. */
  get isWhole(): boolean {
    return parseJson(this.#json) !== undefined;
  }

  /** No arguments at all are an empty object. */
  end(status: ItemStatus): OutputEvent[] {
    const added = this.#json === '' && status === 'completed' ? this.add('{}') : [];
    const fields = { name: this.#called.name, arguments: this.#json };
    const done = inItem(this.place, 'response.function_call_arguments.done', fields);
    return [...added, done, itemDone(this.place, this.#item(status))];
  }

  #item(status: ItemStatus | 'in_progress'): JsonObject {
    const { callId, name } = this.#called;
    const { id } = this.place;
    return { id, type: 'function_call', status, arguments: this.#json, call_id: callId, name };
  }
}
