import fc from 'fast-check';
import type { ToolCallPart } from '../../src/domain/conversation.ts';
import type { ModelStreamPart, ResponsePart } from '../../src/domain/response.ts';

const TOOL_ID = /^[a-z]{4}$/;
const GEMINI = { gemini: { thoughtSignature: 'Z2Vt' } };

/** Parts as a provider may give them; of two that would be one in a stream the second is left out. */
export function answerContents(): fc.Arbitrary<ResponsePart[]> {
  const words = fc.string({ minLength: 1, maxLength: 8 });
  const extras = fc.option(fc.constantFrom(GEMINI, { bedrock: { signature: 'YmVk' } }), {
    nil: undefined,
  });
  const signature = fc.option(
    fc.constantFrom({ anthropic: { signature: 'c2ln' } }, GEMINI, {
      bedrock: { signature: 'YmVk' },
    }),
    { nil: undefined },
  );
  const redacted = {
    type: 'reasoning' as const,
    text: '',
    extras: { anthropic: { redacted: 'cmVk' } },
  };
  const part = fc.oneof(
    fc.record({ type: fc.constant('text' as const), text: words, extras }),
    fc.record({ type: fc.constant('reasoning' as const), text: words, extras: signature }),
    fc.constant(redacted),
    fc.record({ type: fc.constant('refusal' as const), text: words }),
    fc.record({
      type: fc.constant('tool-call' as const),
      id: fc.stringMatching(TOOL_ID),
      name: fc.constant('look'),
      arguments: fc.json().map((json) => JSON.stringify({ value: JSON.parse(json) })),
      extras,
    }),
  );
  return fc
    .array(part, { maxLength: 6 })
    .map((parts) => parts.map(withoutEmptyExtras).filter(isApart));
}

function withoutEmptyExtras(part: object): ResponsePart {
  const given = Object.entries(part).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as ResponsePart; // the same part without its empty field
}

function isApart({ type }: ResponsePart, at: number, parts: readonly ResponsePart[]): boolean {
  if (type === 'tool-call') return true;
  const before = parts[at - 1]?.type;
  const isWritten = (other: string) => other === 'text' || other === 'refusal';
  return before === undefined || !(before === type || (isWritten(before) && isWritten(type)));
}

/** The same answer as a stream gives it, with the arguments of its calls in two pieces. */
export function streamOf(content: readonly ResponsePart[]): ModelStreamPart[] {
  const calls = content.filter(({ type }) => type === 'tool-call');
  const parts = content.flatMap((part) =>
    part.type === 'tool-call' ? streamOfCall(part, calls.indexOf(part)) : streamOfPart(part),
  );
  return [...parts, { type: 'finish', reason: { unified: 'stop', raw: 'stop' } }];
}

function streamOfPart(part: Exclude<ResponsePart, ToolCallPart>): ModelStreamPart {
  switch (part.type) {
    case 'text':
      return { ...part, type: 'text-delta' };
    case 'reasoning':
      return { ...part, type: 'reasoning-delta' };
    case 'refusal':
      return { ...part, type: 'refusal-delta' };
    case 'citation':
      return part;
  }
}

function streamOfCall(part: ToolCallPart, index: number): ModelStreamPart[] {
  const { arguments: json, ...call } = part;
  const half = Math.ceil(json.length / 2);
  return [
    { ...call, type: 'tool-call-start', index },
    { type: 'tool-call-delta', index, arguments: json.slice(0, half) },
    { type: 'tool-call-delta', index, arguments: json.slice(half) },
  ];
}
