import fc from 'fast-check';
import type { Extras } from '../../src/domain/conversation.ts';
import type { ResponsePart } from '../../src/domain/response.ts';

const words = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const maybeWords = fc.oneof(fc.constant(''), words);
const signature = fc.stringMatching(/^[a-zA-Z0-9+/=]{1,24}$/);

/** What each wire gives with a thought, or nothing. */
const thoughtExtras: fc.Arbitrary<Extras | undefined> = fc.oneof(
  fc.constant(undefined),
  signature.map((text) => ({ anthropic: { signature: text } })),
  signature.map((text) => ({ gemini: { thoughtSignature: text } })),
  signature.map((text) => ({ 'openai-responses': { encrypted_content: text } })),
);

const geminiExtras: fc.Arbitrary<Extras | undefined> = fc.oneof(
  fc.constant(undefined),
  signature.map((text) => ({ gemini: { thoughtSignature: text } })),
);

function signed(part: ResponsePart, extras: Extras | undefined): ResponsePart {
  if (extras === undefined || part.type === 'refusal' || part.type === 'citation') return part;
  return { ...part, extras };
}

const json = fc
  .dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
  .map((object) => JSON.stringify(object));

const part: fc.Arbitrary<ResponsePart> = fc.oneof(
  fc.tuple(maybeWords, geminiExtras).map(([text, e]) => signed({ type: 'text', text }, e)),
  fc.tuple(maybeWords, thoughtExtras).map(([text, e]) => signed({ type: 'reasoning', text }, e)),
  words.map((text): ResponsePart => ({ type: 'refusal', text })),
  fc
    .tuple(words, json, geminiExtras)
    .map(([name, args, e]) => signed({ type: 'tool-call', id: '', name, arguments: args }, e)),
  fc.webUrl().map((url): ResponsePart => ({ type: 'citation', url, title: 'Source' })),
);

/** The parts of an answer in any order, as no provider but all of them could send them. */
export const someParts: fc.Arbitrary<readonly ResponsePart[]> = fc
  .array(part, { maxLength: 8 })
  .map((parts) =>
    parts.map((piece, at) => (piece.type === 'tool-call' ? { ...piece, id: `call_${at}` } : piece)),
  );
