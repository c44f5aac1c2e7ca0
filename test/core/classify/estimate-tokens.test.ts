import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokensByFamily } from '../../../src/classify/measure-input.ts';
import { NO_PREFIX, SUMS } from '../../../src/classify/places.ts';
import { scanText } from '../../../src/classify/scan-text.ts';
import { unpackTables } from '../../../src/classify/token-tables.ts';
import { TOKEN_WEIGHTS } from '../../../src/classify/token-weights.ts';
import { TOKENIZER_FAMILIES } from '../../../src/domain/model.ts';

const ENCODER = new TextEncoder();

const texts = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.lorem({ maxCount: 40 }),
  fc.json(),
  fc.array(fc.integer({ min: 0, max: 0xff_ff })).map((units) => String.fromCharCode(...units)),
);

describe('estimateTokens', () => {
  it('counts nothing in no text', () => {
    const nothing = { estimated: 0, atMost: 0 };

    expect(tokensByFamily([''])).toEqual(
      Object.fromEntries(TOKENIZER_FAMILIES.map((family) => [family, nothing])),
    );
  });

  it('lies between one token and a token per byte, whatever the text, lone surrogates included', () => {
    fc.assert(
      fc.property(
        texts.filter((text) => text !== ''),
        (text) => {
          const bytes = ENCODER.encode(text).length;
          const tokens = tokensByFamily([text]);

          for (const family of TOKENIZER_FAMILIES) {
            const { estimated, atMost } = tokens[family];
            expect(estimated).toBeGreaterThanOrEqual(1);
            expect(atMost).toBeGreaterThanOrEqual(estimated);
            expect(atMost).toBeLessThanOrEqual(bytes);
          }
        },
      ),
    );
  });

  it('hardly changes where a text is cut in two', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 60 }), fc.nat(), (text, seed) => {
        const cut = seed % text.length;
        const whole = tokensByFamily([text]).o200k.estimated;
        const parts = tokensByFamily([text.slice(0, cut), text.slice(cut)]).o200k.estimated;

        expect(parts - whole).toBeGreaterThanOrEqual(-4);
        expect(parts - whole).toBeLessThanOrEqual(6);
      }),
    );
  });

  it('does not notice where a long text is scanned in parts', () => {
    const sentence = 'The quick brown fox jumps over the lazy dog. ';
    const onePart = tokensByFamily([sentence.repeat(1000)]).o200k.estimated;

    const manyParts = tokensByFamily([sentence.repeat(10_000)]).o200k.estimated;

    // Seven parts of 64 KB: less than two tokens for each place where a word may be cut.
    expect(Math.abs(manyParts - onePart * 10)).toBeLessThan(14);
  });

  it.each([
    ['one letter', 'a'],
    ['large letters', 'A'],
    ['changing cases', 'aB'],
    ['spaces', ' '],
    ['tabs', '\t'],
    ['line ends', '\n'],
    ['lines of spaces', ' \n'],
    ['digits', '7'],
    ['brackets', '('],
    ['slashes behind line ends', '\n/'],
    ['apostrophes', "a'"],
    ['words and spaces', 'a '],
    ['a Han character', '一'],
    ['an emoji with joiners', '\u{1f469}\u200d'],
    ['combining marks', 'e\u0301'],
    ['control characters', '\0'],
    ['signs beyond ASCII', '“'],
  ])('reads %s over and over in linear time', (_, piece) => {
    const text = ENCODER.encode(`${piece.repeat(20_000)}\0`);

    // A byte is looked at for its kind and its value, and by the run before it: never by more.
    expect(readsIn(text)).toBeLessThan(text.length * 12);
  });

  it('takes at most 5 KB, compressed, with all its tables', async () => {
    const { outputFiles } = await build({
      entryPoints: [
        fileURLToPath(new URL('../../../src/classify/estimate-tokens.ts', import.meta.url)),
      ],
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    });
    const [bundle] = outputFiles;

    expect(gzipSync(bundle?.contents ?? '', { level: 9 }).length).toBeLessThanOrEqual(5 * 1024);
  });
});

/** How many bytes the scan looks at, the same one counted each time. */
function readsIn(text: Uint8Array): number {
  let reads = 0;
  const bytes = new Proxy(text, {
    get: (target, place) => {
      reads += 1;
      return Reflect.get(target, place);
    },
  });
  const tables = unpackTables(TOKEN_WEIGHTS);
  const sums = new Float64Array(SUMS);
  scanText({ tables, bytes, sums, at: 0, prefix: NO_PREFIX }, text.length - 1);
  return reads;
}
