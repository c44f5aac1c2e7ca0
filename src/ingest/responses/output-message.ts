import type { JsonObject } from '../../domain/json.ts';
import type { CitationPart } from '../../domain/response.ts';
import { toAnnotation } from './annotation.ts';
import {
  type ItemPlace,
  type ItemStatus,
  inItem,
  itemAdded,
  itemDone,
  type OutputEvent,
} from './output-event.ts';

type Content =
  | {
      readonly type: 'output_text';
      readonly text: string;
      readonly annotations: readonly JsonObject[];
    }
  | { readonly type: 'refusal'; readonly refusal: string };

/** A message of the model, of parts that are text with its sources, or a refusal. */
export class OutputMessage {
  place: ItemPlace;
  readonly #closed: Content[] = [];
  #open: Content | undefined;

  constructor(place: ItemPlace) {
    this.place = place;
  }

  begin(): OutputEvent[] {
    return [itemAdded(this.place, this.#item('in_progress'))];
  }

  say(delta: string): OutputEvent[] {
    const { events, text, annotations } = this.#openText();
    this.#open = { type: 'output_text', text: text + delta, annotations };
    return [...events, this.#event('output_text.delta', { delta, logprobs: [] })];
  }

  cite(citation: CitationPart): OutputEvent[] {
    const { events, text, annotations } = this.#openText();
    const annotation = toAnnotation(citation, text.length);
    this.#open = { type: 'output_text', text, annotations: [...annotations, annotation] };
    const fields = { annotation_index: annotations.length, annotation };
    return [...events, this.#event('output_text.annotation.added', fields)];
  }

  refuse(delta: string): OutputEvent[] {
    const isOpen = this.#open?.type === 'refusal';
    const events = isOpen ? [] : this.#beginContent({ type: 'refusal', refusal: '' });
    const said = this.#open?.type === 'refusal' ? this.#open.refusal : '';
    this.#open = { type: 'refusal', refusal: said + delta };
    return [...events, this.#event('refusal.delta', { delta })];
  }

  end(status: ItemStatus): OutputEvent[] {
    return [...this.#endContent(), itemDone(this.place, this.#item(status))];
  }

  #openText() {
    const events =
      this.#open?.type === 'output_text'
        ? []
        : this.#beginContent({ type: 'output_text', text: '', annotations: [] });
    const { text, annotations } =
      this.#open?.type === 'output_text' ? this.#open : { text: '', annotations: [] };
    return { events, text, annotations };
  }

  #beginContent(content: Content): OutputEvent[] {
    const ended = this.#endContent();
    this.#open = content;
    return [...ended, this.#event('content_part.added', { part: toPart(content) })];
  }

  #endContent(): OutputEvent[] {
    const open = this.#open;
    if (open === undefined) return [];
    const done =
      open.type === 'output_text'
        ? this.#event('output_text.done', { text: open.text, logprobs: [] })
        : this.#event('refusal.done', { refusal: open.refusal });
    const partDone = this.#event('content_part.done', { part: toPart(open) });
    this.#closed.push(open);
    this.#open = undefined;
    return [done, partDone];
  }

  #event(name: string, fields: JsonObject): OutputEvent {
    return inItem(this.place, `response.${name}`, {
      content_index: this.#closed.length,
      ...fields,
    });
  }

  #item(status: ItemStatus | 'in_progress'): JsonObject {
    const { id } = this.place;
    return { id, type: 'message', status, role: 'assistant', content: this.#closed.map(toPart) };
  }
}

function toPart(content: Content): JsonObject {
  return content.type === 'output_text' ? { ...content, logprobs: [] } : content;
}
