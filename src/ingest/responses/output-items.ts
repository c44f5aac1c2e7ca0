import type { Extras } from '../../domain/conversation.ts';
import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import type { ModelStreamPart } from '../../domain/response.ts';
import type { Carried } from '../carrier.ts';
import { joinExtras } from '../extras.ts';
import { OutputCall } from './output-call.ts';
import type { ItemPlace, ItemStatus, OutputEvent } from './output-event.ts';
import { OutputMessage } from './output-message.ts';
import { OutputReasoning } from './output-reasoning.ts';
import { encrypt } from './reasoning.ts';

type Part<Type> = Extract<ModelStreamPart, { readonly type: Type }>;
export type ContentPart = Part<
  | 'text-delta'
  | 'reasoning-delta'
  | 'refusal-delta'
  | 'citation'
  | 'tool-call-start'
  | 'tool-call-delta'
>;

/** Whose output it is, and whether the caller gets what its next turn has to give back. */
type Purpose = { readonly requestId: string; readonly carries: boolean };

type Open =
  | { readonly type: 'message'; readonly item: OutputMessage }
  | { readonly type: 'reasoning'; readonly item: OutputReasoning; readonly extras: Extras };

/**
 * The parts of an answer as output items, and the events that tell of them. One message or thought is
 * open at a time; tool calls may be open beside each other, as some providers mix their pieces.
 */
export class OutputItems {
  readonly #purpose: Purpose;
  readonly #done: JsonObject[] = [];
  #begun = 0;
  #open: Open | undefined;
  readonly #calls = new Map<number, OutputCall>();

  constructor(purpose: Purpose) {
    this.#purpose = purpose;
  }

  /** The items that have ended, in their order. */
  get items(): readonly JsonObject[] {
    return this.#done;
  }

  write(part: ContentPart): OutputEvent[] {
    return this.#noted(this.#eventsOf(part));
  }

  /**
   * What was written so far has passed as the provider's own item, by this name: it is gone on with
   * under that. False unless it is one message or one call, since only of that all is known.
   */
  adopt(id: string): boolean {
    const [call] = this.#calls.values();
    const only = this.#open?.type === 'message' ? this.#open.item : call;
    if (this.#begun !== 1 || only === undefined) return false;
    only.place = { ...only.place, id };
    return true;
  }

  /** Ends what is open; where the answer was cut off, its last item is incomplete. */
  end(status: ItemStatus): OutputEvent[] {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    const last = this.#open === undefined ? calls.at(-1) : undefined;
    const events = [
      ...calls.flatMap((call) => call.end(call === last ? status : 'completed')),
      ...this.#endOpen(status),
    ];
    return this.#noted(events);
  }

  #eventsOf(part: ContentPart): OutputEvent[] {
    switch (part.type) {
      case 'text-delta':
        return this.#text(part);
      case 'reasoning-delta':
        return this.#reasoning(part);
      case 'refusal-delta':
        return this.#inMessage((message) => message.refuse(part.text));
      case 'citation':
        return this.#inMessage((message) => message.cite(part));
      case 'tool-call-start':
        return this.#beginCall(part);
      case 'tool-call-delta':
        return part.arguments === ''
          ? []
          : (this.#calls.get(part.index)?.add(part.arguments) ?? []);
    }
  }

  #text({ text, extras }: Part<'text-delta'>): OutputEvent[] {
    const said = text === '' ? [] : this.#inMessage((message) => message.say(text));
    return [...said, ...this.#carry(text === '' ? 'empty-text' : 'previous', extras)];
  }

  #inMessage(write: (message: OutputMessage) => OutputEvent[]): OutputEvent[] {
    const open = this.#open;
    if (open?.type === 'message') return write(open.item);
    const ended = this.#endBefore();
    const item = new OutputMessage(this.#place('msg'));
    this.#open = { type: 'message', item };
    return [...ended, ...item.begin(), ...write(item)];
  }

  #reasoning({ text, extras }: Part<'reasoning-delta'>): OutputEvent[] {
    const { carries } = this.#purpose;
    if (text === '' && (extras === undefined || !carries)) return [];
    const ended = isRedacted(extras) ? this.#endBefore() : [];
    const begun = this.#beginReasoning();
    const thought = text === '' ? [] : begun.item.think(text);
    const signed = extras === undefined ? [] : this.#sign(extras);
    return [...ended, ...begun.events, ...thought, ...signed];
  }

  #beginReasoning() {
    const open = this.#open;
    if (open?.type === 'reasoning') return { item: open.item, events: [] };
    const ended = this.#endBefore();
    const item = new OutputReasoning(this.#place('rs'));
    this.#open = { type: 'reasoning', item, extras: {} };
    return { item, events: [...ended, ...item.begin()] };
  }

  /** A signature ends the thought before it, unless more of it may come. */
  #sign(extras: Extras): OutputEvent[] {
    const open = this.#open;
    if (open?.type !== 'reasoning') return [];
    const joined = joinExtras(open.extras, extras);
    this.#open = { ...open, extras: joined ?? extras };
    return joined === undefined ? this.#endBefore() : [];
  }

  /** A thought of no words that carries what belongs to another part. */
  #carry(on: Carried['on'], extras: Extras | undefined): OutputEvent[] {
    if (extras === undefined || !this.#purpose.carries) return [];
    const ended = this.#endBefore();
    const item = new OutputReasoning(this.#place('rs'));
    return [...ended, ...item.begin(), ...item.end(encrypt(extras, on))];
  }

  #beginCall({ index, id: callId, name, extras }: Part<'tool-call-start'>): OutputEvent[] {
    const carried = this.#carry('next', extras);
    const ended = this.#endBefore();
    const call = new OutputCall(this.#place('fc'), { callId, name });
    this.#calls.set(index, call);
    return [...carried, ...ended, ...call.begin()];
  }

  /** Ends what another item follows: calls only where their arguments are all there. */
  #endBefore(): OutputEvent[] {
    const whole = [...this.#calls].filter(([, call]) => call.isWhole);
    for (const [index] of whole) this.#calls.delete(index);
    return [...whole.flatMap(([, call]) => call.end('completed')), ...this.#endOpen('completed')];
  }

  #endOpen(status: ItemStatus): OutputEvent[] {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return [];
    if (open.type === 'message') return open.item.end(status);
    return open.item.end(this.#purpose.carries ? encrypt(open.extras) : undefined);
  }

  #place(prefix: string): ItemPlace {
    const at = this.#begun++;
    return { at, id: `${prefix}_${this.#purpose.requestId}_${at}` };
  }

  #noted(events: OutputEvent[]): OutputEvent[] {
    for (const { type, fields } of events) {
      const { item, output_index: at } = fields;
      if (type !== 'response.output_item.done' || !isJsonObject(item)) continue;
      this.#done[Number(at)] = item;
    }
    return events;
  }
}

/** Thinking that its provider has hidden stands by itself. */
function isRedacted(extras: Extras | undefined): boolean {
  const claude = extras?.['anthropic'];
  return isJsonObject(claude) && claude['redacted'] !== undefined;
}
