import type { Extras } from '../../domain/conversation.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../domain/json.ts';
import type { StreamEvent } from '../../domain/ports.ts';
import type { ModelStreamPart } from '../../domain/response.ts';
import { joinExtras } from '../extras.ts';
import { NO_ARGUMENTS, toCitation, toToolId } from './response.ts';
import { toSse } from './sse.ts';
import { anthropicExtras, type ThinkingWish, toCarrier, toThinkingBlock } from './thinking.ts';

type Part<Type> = Extract<ModelStreamPart, { readonly type: Type }>;
export type ContentPart = Part<
  'text-delta' | 'reasoning-delta' | 'citation' | 'tool-call-start' | 'tool-call-delta'
>;

/** The block that is being written: the dialect has one at a time. */
type OpenBlock =
  | { readonly type: 'text' | 'whole' }
  | { readonly type: 'thinking'; readonly extras: Extras | undefined }
  | { readonly type: 'tool_use'; readonly call: number; readonly json: string };

const EMPTY_THINKING = { type: 'thinking', thinking: '', signature: '' };

/** The content of a streamed answer as content blocks, numbered from 0. */
export class StreamBlocks {
  readonly #wish: ThinkingWish;
  #open: OpenBlock | undefined;
  /** Blocks begun so far. */
  #begun = 0;
  /** What came while a call was not whole yet: providers may mix the pieces of several. */
  readonly #waiting: ContentPart[] = [];
  hasCalls = false;

  constructor(wish: ThinkingWish) {
    this.#wish = wish;
  }

  write(part: ContentPart): string {
    this.#waiting.push(part);
    return this.#writeWaiting(false);
  }

  /** Closes what is open; calls that never became whole are given as they are. */
  end(): string {
    return this.#writeWaiting(true) + this.#close();
  }

  /**
   * The provider's own stream has passed, and counts blocks that no part tells of: its last event with
   * a block says where it stands. False when that block is none that we could go on with.
   */
  goOnBehind(last: readonly StreamEvent[]): boolean {
    const place = last.map(placeIn).findLast((found) => found !== undefined);
    if (place === undefined || place.open === 'other') return false;
    this.#begun = place.index + 1;
    if (place.open === 'none') this.#open = undefined;
    return place.open === 'none' || place.open === this.#open?.type;
  }

  #writeWaiting(isEnd: boolean): string {
    let written = '';
    for (;;) {
      const [part] = this.#waiting.splice(this.#placeOfNext(isEnd), 1);
      if (part === undefined) return written;
      written += this.#writePart(part);
    }
  }

  /** The open call's own pieces come first; anything else once that call is whole. */
  #placeOfNext(isEnd: boolean): number {
    const open = this.#open;
    if (open?.type !== 'tool_use') return 0;
    const own = this.#waiting.findIndex(
      (part) => part.type === 'tool-call-delta' && part.index === open.call,
    );
    if (own >= 0) return own;
    const mayFollow = isEnd || (this.#waiting.length > 0 && parseJson(open.json) !== undefined);
    return mayFollow ? 0 : this.#waiting.length;
  }

  #writePart(part: ContentPart): string {
    switch (part.type) {
      case 'text-delta':
        return this.#writeText(part);
      case 'reasoning-delta':
        return this.#writeReasoning(part);
      case 'citation':
        return this.#writeInText({ type: 'citations_delta', citation: toCitation(part) });
      case 'tool-call-start':
        return this.#beginCall(part);
      case 'tool-call-delta':
        return this.#writeArguments(part);
    }
  }

  /** A text that carries something is a block of its own, so that it comes back as it was. */
  #writeText({ text, extras }: Part<'text-delta'>): string {
    const carrier = toCarrier(text === '' ? 'empty-text' : 'previous', extras);
    const closed = carrier === undefined ? '' : this.#close();
    const written = text === '' ? '' : this.#writeInText({ type: 'text_delta', text });
    return closed + written + this.#carry(carrier);
  }

  #writeInText(delta: JsonObject): string {
    const isOpen = this.#open?.type === 'text';
    const begun = isOpen ? '' : this.#begin({ type: 'text' }, { type: 'text', text: '' });
    return begun + this.#delta(delta);
  }

  #writeReasoning({ text, extras }: Part<'reasoning-delta'>): string {
    if (this.#wish === 'nothing') return '';
    if (isRedacted(extras))
      return this.#begin({ type: 'whole' }, toThinkingBlock('', extras)) + this.#close();
    const shown = this.#wish === 'all' ? text : '';
    const written =
      shown === ''
        ? ''
        : this.#beginThinking() + this.#delta({ type: 'thinking_delta', thinking: shown });
    return extras === undefined ? written : written + this.#sign(extras);
  }

  #beginThinking(): string {
    if (this.#open?.type === 'thinking') return '';
    return this.#begin({ type: 'thinking', extras: undefined }, EMPTY_THINKING);
  }

  /** A signature ends the thinking before it, unless more of it may come. */
  #sign(extras: Extras): string {
    const begun = this.#beginThinking();
    const open = this.#open;
    const earlier = open?.type === 'thinking' ? open.extras : undefined;
    const joined = joinExtras(earlier ?? {}, extras);
    this.#open = { type: 'thinking', extras: joined ?? extras };
    return joined === undefined ? begun + this.#close() : begun;
  }

  /** A block that comes whole. */
  #carry(carrier: JsonObject | undefined): string {
    if (carrier === undefined) return '';
    const { signature = '' } = carrier;
    const begun = this.#begin({ type: 'whole' }, EMPTY_THINKING);
    return begun + this.#delta({ type: 'signature_delta', signature }) + this.#close();
  }

  #beginCall({ index, id, name, extras }: Part<'tool-call-start'>): string {
    this.hasCalls = true;
    const carried = this.#carry(toCarrier('next', extras));
    const block = { type: 'tool_use', id: toToolId(id), name, input: {} };
    return carried + this.#begin({ type: 'tool_use', call: index, json: '' }, block);
  }

  /** A piece of a call that is closed by now has no place any more. */
  #writeArguments({ index, arguments: json }: Part<'tool-call-delta'>): string {
    const open = this.#open;
    if (open?.type !== 'tool_use' || open.call !== index || json === '') return '';
    const isNone = open.json === '' && json === NO_ARGUMENTS;
    const piece = isNone ? '{}' : json;
    this.#open = { ...open, json: open.json + piece };
    return this.#delta({ type: 'input_json_delta', partial_json: piece });
  }

  #begin(open: OpenBlock, block: JsonObject): string {
    const closed = this.#close();
    this.#open = open;
    this.#begun += 1;
    return closed + toSse('content_block_start', { index: this.#begun - 1, content_block: block });
  }

  #delta(delta: JsonObject): string {
    return toSse('content_block_delta', { index: this.#begun - 1, delta });
  }

  #close(): string {
    const open = this.#open;
    if (open === undefined) return '';
    this.#open = undefined;
    const signed = open.type === 'thinking' ? this.#signature(open.extras) : '';
    return signed + toSse('content_block_stop', { index: this.#begun - 1 });
  }

  #signature(extras: Extras | undefined): string {
    const { signature = '' } = toThinkingBlock('', extras);
    return this.#delta({ type: 'signature_delta', signature });
  }
}

function isRedacted(extras: Extras | undefined): boolean {
  return anthropicExtras(extras)['redacted'] !== undefined;
}

/** Where an event of the dialect stands in the count of blocks, and what kind of block is open then. */
type Place = {
  readonly index: number;
  readonly open: 'none' | 'text' | 'thinking' | 'tool_use' | 'other';
};

const OPEN_BY_TYPE: Readonly<Record<string, Place['open']>> = {
  text: 'text',
  text_delta: 'text',
  citations_delta: 'text',
  thinking: 'thinking',
  thinking_delta: 'thinking',
  tool_use: 'tool_use',
  input_json_delta: 'tool_use',
};

function placeIn({ data }: StreamEvent): Place | undefined {
  const event = parseJson(data);
  if (!isJsonObject(event) || typeof event['index'] !== 'number') return undefined;
  const { index, type, content_block: block, delta } = event;
  if (type === 'content_block_stop') return { index, open: 'none' };
  const begun = isJsonObject(block) ? block : delta;
  const kind = isJsonObject(begun) ? String(begun['type']) : '';
  return { index, open: OPEN_BY_TYPE[kind] ?? 'other' };
}
