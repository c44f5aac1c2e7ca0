import type { StreamEvent } from '../domain/ports.ts';
import { MAX_EVENT_CHARACTERS, OVERSIZED_EVENT } from './malformed.ts';
import type { StreamStep, TextReader } from './sse.ts';

/** Reads a stream that is one JSON list, element by element, as Google sends it without `alt=sse`. */
export function jsonListReader<State>(initial: State, step: StreamStep<State>): TextReader {
  const cutter = new ElementCutter();
  let state = initial;
  let isOversized = false;
  const read = (data: string): StreamEvent => {
    const next = step(state, { name: undefined, data });
    state = next.state;
    return { name: undefined, data, parts: next.parts, isBroken: next.isBroken === true };
  };
  return {
    feed: (text) => {
      if (isOversized) return [];
      const events = cutter.cut(text).map(read);
      isOversized = cutter.open.length > MAX_EVENT_CHARACTERS;
      return isOversized ? [...events, OVERSIZED_EVENT] : events;
    },
    // An element that was cut off in its middle is read as it is, and found broken.
    end: () => (cutter.open === '' || isOversized ? [] : [read(cutter.open)]),
  };
}

/** Cuts the text of a list into its elements, which are objects; what stands between them is dropped. */
class ElementCutter {
  /** What has come of the element that is not whole yet. */
  open = '';
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  cut(text: string): string[] {
    const elements: string[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const before = this.#depth;
      this.#move(text[at]);
      if (before === 0 && this.#depth === 1) start = at;
      if (before !== 1 || this.#depth !== 0) continue;
      elements.push(this.open + text.slice(start, at + 1));
      this.open = '';
    }
    if (this.#depth > 0) this.open += text.slice(start);
    return elements;
  }

  #move(character: string | undefined): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#isInString && character === '\\') this.#isEscaped = true;
    else if (character === '"') this.#isInString = !this.#isInString;
    else if (this.#isInString) return;
    else if (character === '{') this.#depth++;
    else if (character === '}') this.#depth = Math.max(0, this.#depth - 1);
  }
}
