import type { ModelStreamPart } from '../domain/response.ts';
import { DELTA_TYPES, type Segment } from './passed.ts';

/**
 * Lays a new answer over what the caller already has. Only an answer that begins with exactly that,
 * kind by kind and character by character, may go on behind it; ids of tool calls may differ, since
 * a caller knows a call that has begun by its place.
 */
export class Aligner {
  readonly #passed: readonly Segment[];
  #at = 0;
  #offset = 0;
  #isOpen = false;

  constructor(passed: readonly Segment[]) {
    this.#passed = passed;
  }

  /** Everything that the caller has was seen again. */
  get isAligned(): boolean {
    const last = this.#passed.length - 1;
    if (this.#at > last) return true;
    return this.#at === last && this.#isOpen && this.#offset === this.#passed[last]?.text.length;
  }

  /** What of a part lies behind what the caller has; undefined when the answers differ. */
  take(part: ModelStreamPart): readonly ModelStreamPart[] | undefined {
    if (this.isAligned) return [part];
    switch (part.type) {
      case 'text-delta':
      case 'reasoning-delta':
      case 'refusal-delta': {
        const rest = this.#match(
          (segment) => DELTA_TYPES_OF[segment.type] === part.type,
          part.text,
        );
        if (rest === undefined) return undefined;
        return rest === '' ? [] : [{ ...part, text: rest }];
      }
      case 'tool-call-start':
        return this.#opens(part) ? [] : undefined;
      case 'tool-call-delta': {
        const { index } = part;
        const rest = this.#match((segment) => indexOf(segment) === index, part.arguments);
        if (rest === undefined) return undefined;
        return rest === '' ? [] : [{ type: 'tool-call-delta', index, arguments: rest }];
      }
      case 'finish':
        return undefined;
      case 'start':
      case 'usage':
      case 'done':
      case 'error':
      case 'citation':
        return [];
    }
  }

  /** A tool call begins: where the caller's next one begins, by the same name. */
  #opens({ index, name }: { readonly index: number; readonly name: string }): boolean {
    const segment = this.#current(() => false);
    if (segment?.type !== 'tool-call' || this.#isOpen) return false;
    this.#isOpen = true;
    return segment.index === index && segment.name === name;
  }

  /** The rest of the text behind the current run; undefined where it does not belong to it. */
  #match(belongs: (segment: Segment) => boolean, text: string): string | undefined {
    if (text === '') return '';
    const segment = this.#current(belongs);
    if (segment === undefined || !belongs(segment)) return undefined;
    this.#isOpen = true;
    const length = Math.min(text.length, segment.text.length - this.#offset);
    if (text.slice(0, length) !== segment.text.slice(this.#offset, this.#offset + length)) {
      return undefined;
    }
    this.#offset += length;
    const rest = text.slice(length);
    return rest === '' || this.isAligned ? rest : undefined;
  }

  /** The run that comes next: the one behind the current when that was seen to its end. */
  #current(belongs: (segment: Segment) => boolean): Segment | undefined {
    const segment = this.#passed[this.#at];
    if (segment === undefined || !this.#isOpen) return segment;
    if (segment.text.length !== this.#offset || belongs(segment)) return segment;
    this.#at += 1;
    this.#offset = 0;
    this.#isOpen = false;
    return this.#passed[this.#at];
  }
}

const DELTA_TYPES_OF: Readonly<Record<Segment['type'], string>> = {
  ...DELTA_TYPES,
  'tool-call': 'tool-call-delta',
};

function indexOf(segment: Segment): number | undefined {
  return segment.type === 'tool-call' ? segment.index : undefined;
}
