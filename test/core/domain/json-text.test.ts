import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/domain/json.ts';
import { findJsonFault } from '../../../src/domain/json-fault.ts';
import { type JsonText, patchJsonText, readJsonText } from '../../../src/domain/json-text.ts';

function read(text: string): JsonText {
  const json = readJsonText(text);
  if ('message' in json) throw new Error(json.message);
  return json;
}

describe('readJsonText', () => {
  it('finds the members of any object that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (object, indent) => {
        const text = JSON.stringify(object, undefined, indent);

        const json = read(text);

        expect(json.value).toEqual(JSON.parse(text));
        for (const [name, span] of json.members) {
          expect(JSON.parse(text.slice(span.valueStart, span.end))).toEqual(json.value[name]);
        }
        expect([...json.members.keys()]).toEqual(Object.keys(JSON.parse(text)));
      }),
    );
  });

  it('names members that are given twice (A01)', () => {
    expect(read('{"a":1,"b":2,"a":3}').duplicates).toEqual(['a']);
  });

  it.each([
    ['a cut body', '{"a": [1, 2', 11],
    ['a cut string', '{"a": "b', 8],
    ['a missing comma', '{"a": 1 "b": 2}', 8],
    ['a wrong bracket', '{"a": [1}', 8],
    ['a line break in a string', '{"a": "b\n"}', 8],
    ['a bad escape', '{"a": "\\x"}', 7],
    ['a bad escape behind a good one', '{"a": "\\\\ \\x"}', 10],
    ['text behind the end', '{"a": 1} x', 9],
    ['a leading zero', '{"a": 01}', 6],
    ['a trailing comma', '{"a": 1,}', 8],
    ['NaN', '{"a": NaN}', 6],
    ['an array', '[1]', 0],
    ['nothing', '', 0],
  ])('gives the offset of %s (A01)', (_, text, offset) => {
    expect(readJsonText(text)).toMatchObject({ message: expect.any(String), offset });
  });

  it('finds a fault exactly where JSON.parse finds one', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', ':', '0', 'x', '\\'))
      .map(([json, at, piece]) => {
        const cut = at % (json.length + 1);
        return json.slice(0, cut) + piece + json.slice(cut + 1);
      });
    fc.assert(
      fc.property(broken, (text) => {
        fc.pre(parseJson(text) === undefined);

        const offset = findJsonFault(text);

        expect(offset).toBeLessThanOrEqual(text.length);
        expect(parseJson(text.slice(0, offset))).toSatisfy(
          (value) => value === undefined || offset < text.length,
        );
      }),
    );
  });

  it('refuses 100,000 levels of nesting before parsing (A02)', () => {
    const text = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

    expect(readJsonText(text)).toEqual({
      message: 'the body is nested deeper than 64 levels',
      offset: 68,
    });
  });
});

describe('patchJsonText', () => {
  it('keeps the exact text of every member that does not change', () => {
    const json = read('{ "seed": 9223372036854775808, "x": 1.0, "model": "a", "y" : {"k":[ 1 ]} }');

    const patched = patchJsonText(json, (name) => name !== 'x', { model: 'b', added: true });

    expect(patched).toBe(
      '{"seed": 9223372036854775808,"y" : {"k":[ 1 ]},"model":"b","added":true}',
    );
  });
});
