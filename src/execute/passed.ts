import type { ModelStreamPart } from '../domain/response.ts';

/** A run of one kind of content, in the order in which the caller has it. */
export type Segment =
  | { readonly type: 'text' | 'reasoning' | 'refusal'; readonly text: string }
  | {
      readonly type: 'tool-call';
      readonly index: number;
      readonly id: string;
      readonly name: string;
      /** Its arguments so far. */
      readonly text: string;
    };

export const DELTA_TYPES = {
  text: 'text-delta',
  reasoning: 'reasoning-delta',
  refusal: 'refusal-delta',
} as const;

/** The content of a stream as the caller has it, kept for going on behind a break. */
export class PassedContent {
  readonly #segments: Segment[] = [];

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  add(part: ModelStreamPart): void {
    switch (part.type) {
      case 'text-delta':
        this.#addText('text', part.text);
        return;
      case 'reasoning-delta':
        this.#addText('reasoning', part.text);
        return;
      case 'refusal-delta':
        this.#addText('refusal', part.text);
        return;
      case 'tool-call-start': {
        const { index, id, name } = part;
        this.#segments.push({ type: 'tool-call', index, id, name, text: '' });
        return;
      }
      case 'tool-call-delta':
        this.#addArguments(part.index, part.arguments);
        return;
      case 'start':
      case 'citation':
      case 'usage':
      case 'finish':
      case 'done':
      case 'error':
        return;
    }
  }

  #addText(type: keyof typeof DELTA_TYPES, text: string): void {
    if (text === '') return;
    const last = this.#segments.at(-1);
    if (last?.type !== type) this.#segments.push({ type, text });
    else this.#segments[this.#segments.length - 1] = { type, text: last.text + text };
  }

  #addArguments(index: number, text: string): void {
    const at = this.#segments.findLastIndex(
      (segment) => segment.type === 'tool-call' && segment.index === index,
    );
    const segment = this.#segments[at];
    if (segment !== undefined) this.#segments[at] = { ...segment, text: segment.text + text };
  }
}

/** What has passed, as the parts that a stream writer would have been given for it. */
export function toParts(passed: readonly Segment[]): ModelStreamPart[] {
  return passed.flatMap((segment): ModelStreamPart[] => {
    if (segment.type !== 'tool-call') {
      return [{ type: DELTA_TYPES[segment.type], text: segment.text }];
    }
    const { index, id, name, text } = segment;
    const start = { type: 'tool-call-start', index, id, name } as const;
    return text === '' ? [start] : [start, { type: 'tool-call-delta', index, arguments: text }];
  });
}
