import type { JsonObject } from '../../domain/json.ts';
import { type ItemPlace, inItem, itemAdded, itemDone, type OutputEvent } from './output-event.ts';

/** Reasoning of the model: words that the dialect calls a summary, and what the next turn gives back. */
export class OutputReasoning {
  readonly place: ItemPlace;
  #text = '';

  constructor(place: ItemPlace) {
    this.place = place;
  }

  begin(): OutputEvent[] {
    return [itemAdded(this.place, { id: this.place.id, type: 'reasoning', summary: [] })];
  }

  think(delta: string): OutputEvent[] {
    const isFirst = this.#text === '';
    this.#text += delta;
    const added = this.#event('summary_part.added', { part: toSummary('') });
    return [...(isFirst ? [added] : []), this.#event('summary_text.delta', { delta })];
  }

  end(encryptedContent: string | undefined): OutputEvent[] {
    const text = this.#text;
    const summary = text === '' ? [] : [toSummary(text)];
    const closing =
      text === ''
        ? []
        : [
            this.#event('summary_text.done', { text }),
            this.#event('summary_part.done', { part: toSummary(text) }),
          ];
    const item = {
      id: this.place.id,
      type: 'reasoning',
      summary,
      ...(encryptedContent !== undefined && { encrypted_content: encryptedContent }),
    };
    return [...closing, itemDone(this.place, item)];
  }

  #event(name: string, fields: JsonObject): OutputEvent {
    return inItem(this.place, `response.reasoning_${name}`, { summary_index: 0, ...fields });
  }
}

function toSummary(text: string): JsonObject {
  return { type: 'summary_text', text };
}
