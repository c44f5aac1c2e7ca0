import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelStreamPart } from '../../../src/domain/response.ts';
import { Aligner } from '../../../src/execute/align.ts';
import { PassedContent, type Segment, toParts } from '../../../src/execute/passed.ts';

const text = (some: string): ModelStreamPart => ({ type: 'text-delta', text: some });
const thought = (some: string): ModelStreamPart => ({ type: 'reasoning-delta', text: some });
const call = (index: number, name: string): ModelStreamPart => ({
  type: 'tool-call-start',
  index,
  id: `id-${index}`,
  name,
});
const input = (index: number, some: string): ModelStreamPart => ({
  type: 'tool-call-delta',
  index,
  arguments: some,
});

function passedBy(parts: readonly ModelStreamPart[]): readonly Segment[] {
  const passed = new PassedContent();
  for (const part of parts) passed.add(part);
  return passed.segments;
}

/** What lies behind, or undefined where the answers differ. */
function align(passed: readonly Segment[], parts: readonly ModelStreamPart[]) {
  const aligner = new Aligner(passed);
  const behind: ModelStreamPart[] = [];
  for (const part of parts) {
    const taken = aligner.take(part);
    if (taken === undefined) return undefined;
    behind.push(...taken);
  }
  return aligner.isAligned ? behind : undefined;
}

describe('Aligner', () => {
  const passed = passedBy([thought('Let me see.'), text('The sky '), text('is')]);

  it('gives what lies behind, also from the middle of a part', () => {
    const parts = [thought('Let me'), thought(' see.'), text('The sky is bl'), text('ue')];

    expect(align(passed, parts)).toEqual([text(' bl'), text('ue')]);
  });

  it.each<[string, ModelStreamPart[]]>([
    ['another text', [thought('Let me see.'), text('The sea is')]],
    ['another kind', [text('Let me see.')]],
    ['reasoning that goes on', [thought('Let me see. Hm.'), text('The sky is blue')]],
    ['an end before', [thought('Let me see.'), { type: 'finish', reason: STOP }]],
  ])('differs by %s', (_, parts) => {
    expect(align(passed, parts)).toBeUndefined();
  });

  it('knows a tool call by its place and name, not by its id', () => {
    const begun = passedBy([text('I look.'), call(0, 'weather'), input(0, '{"city":')]);
    const again = { ...call(0, 'weather'), id: 'other' } as ModelStreamPart; // a start with an id

    expect(align(begun, [text('I look.'), again, input(0, '{"city":"Rome"}')])).toEqual([
      input(0, '"Rome"}'),
    ]);
    expect(align(begun, [text('I look.'), call(0, 'time'), input(0, '{"city":')])).toBeUndefined();
    expect(align(begun, [text('I look.'), text('!')])).toBeUndefined();
  });

  it('goes on behind any point of the same answer, however it is split', () => {
    const answers = fc.array(anAnswerPart, { minLength: 1, maxLength: 12 });
    const property = fc.property(answers, fc.nat(), (some, at) => {
      const parts = numbered(some);
      const begun = passedBy(parts.slice(0, at % (parts.length + 1)));

      const behind = align(begun, toParts(passedBy(parts)));

      expect(passedBy([...toParts(begun), ...(behind ?? [])])).toEqual(passedBy(parts));
    });

    fc.assert(property);
  });

  it('never goes on behind an answer that is not the beginning', () => {
    const texts = fc.string({ minLength: 1 });
    const property = fc.property(texts, texts, (had, other) => {
      const behind = align(passedBy([text(had)]), [text(other)]);

      const rest = other.slice(had.length);
      expect(behind).toEqual(other.startsWith(had) ? passedParts(rest) : undefined);
    });

    fc.assert(property);
  });
});

const STOP = { unified: 'stop', raw: 'stop' } as const;

const anAnswerPart = fc.oneof(
  fc.string({ maxLength: 5 }).map(text),
  fc.string({ maxLength: 5 }).map(thought),
  fc.string({ maxLength: 5 }).map((some) => input(0, some)),
  fc.constantFrom('weather', 'time').map((name) => call(0, name)),
);

/** Tool calls count up, and arguments follow their call. */
function numbered(parts: readonly ModelStreamPart[]): ModelStreamPart[] {
  let calls = 0;
  let isOpen = false;
  return parts.flatMap((part): ModelStreamPart[] => {
    if (part.type === 'tool-call-delta') return isOpen ? [{ ...part, index: calls - 1 }] : [];
    isOpen = part.type === 'tool-call-start';
    if (part.type !== 'tool-call-start') return [part];
    calls += 1;
    return [{ ...part, index: calls - 1 }];
  });
}

function passedParts(rest: string): ModelStreamPart[] {
  return rest === '' ? [] : [text(rest)];
}
