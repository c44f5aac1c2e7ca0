import { KEYWORD_GROUPS } from './task-keywords.ts';
import type { TextScan } from './task-scan.ts';

type Sign = readonly [name: string, measure: (scan: TextScan) => number];

const ASKS_FOR_ANSWER = /answer:\s*$/i;
const LAST_CHARACTERS = 24;

/** What can be seen of a text without its words. */
const FORM_SIGNS: readonly Sign[] = [
  ['any text', () => 1],
  ['length', ({ text }) => Math.log1p(text.length) / 8],
  ['number of words', ({ words }) => Math.log1p(words) / 6],
  ['number of lines', ({ lines }) => Math.log1p(lines) / 4],
  ['number of sentences', (scan) => Math.log1p(count(scan, '.?!')) / 4],
  ['very short', ({ text }) => Number(text.length < 100)],
  ['long', ({ text }) => Number(text.length > 1000)],
  ['very long', ({ text }) => Number(text.length > 2000)],
  ['long words', ({ longWords, words }) => (2 * longWords) / (words + 1)],
  ['word length', ({ letters, words }) => letters / (words + 1) / 8],
  ['capitalized words', ({ capitalizedWords, words }) => (2 * capitalizedWords) / (words + 1)],
  ['capitals', ({ capitals, text }) => (5 * capitals) / (text.length + 1)],
  ['letters beyond ASCII', ({ foreign, text }) => (5 * foreign) / (text.length + 1)],
  ['digits', ({ digits, text }) => (5 * digits) / (text.length + 1)],
  ['numbers', ({ numbers }) => Math.log1p(numbers) / 4],
  ['a long number', ({ longestNumber }) => Math.min(longestNumber, 12) / 6],
  ['answer options', ({ options }) => Number(options >= 2)],
  ['how many options', ({ options }) => Math.log1p(options) / 2],
  ['indented lines', ({ indents }) => Math.log1p(indents) / 3],
  ['code fence', (scan) => Number(count(scan, '`') > 2)],
  ['ends with a question', ({ text }) => Number(text.trimEnd().endsWith('?'))],
  ['ends with a colon', ({ text }) => Number(text.trimEnd().endsWith(':'))],
  ['asks for an answer', ({ text }) => Number(ASKS_FOR_ANSWER.test(text.slice(-LAST_CHARACTERS)))],
  symbolSign('dollar signs', '$'),
  symbolSign('backslashes', '\\'),
  symbolSign('carets', '^'),
  symbolSign('equals signs', '='),
  symbolSign('braces', '{}'),
  symbolSign('parentheses', '()'),
  symbolSign('brackets', '[]'),
  symbolSign('angle brackets', '<>'),
  symbolSign('arithmetic', '+-*/'),
  symbolSign('question marks', '?'),
  symbolSign('colons', ':'),
  symbolSign('semicolons', ';'),
  symbolSign('quotes', '"'),
  symbolSign('underscores', '_'),
  symbolSign('commas', ','),
  symbolSign('percent signs', '%'),
];

/** What is seen of a text, each about 0 to 1, with a name for explanations. */
export const SIGNS: readonly Sign[] = [
  ...FORM_SIGNS,
  ...KEYWORD_GROUPS.map(({ name }, group): Sign => {
    return [`words of ${name}`, ({ keywords }) => Math.log1p(keywords[group] ?? 0) / 2];
  }),
];

/** How hard a request is shows in its form only: the first signs, without the groups of words. */
export const FORM_SIGN_COUNT = FORM_SIGNS.length;

function symbolSign(name: string, symbols: string): Sign {
  return [name, (scan) => Math.log1p(count(scan, symbols)) / 3];
}

function count({ symbols }: TextScan, characters: string): number {
  let sum = 0;
  for (let at = 0; at < characters.length; at++) sum += symbols[characters.charCodeAt(at)] ?? 0;
  return sum;
}
