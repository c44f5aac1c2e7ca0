/** What may come next. `value-or-end` and `name-or-end` stand right after an opening bracket. */
type Expected =
  | 'value'
  | 'value-or-end'
  | 'name'
  | 'name-or-end'
  | 'colon'
  | 'comma-or-end'
  | 'end';

const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Token = {
  readonly kind: '{' | '[' | '}' | ']' | ',' | ':' | 'string' | 'scalar';
  readonly end: number;
};

/**
 * Where a text stops being JSON, in UTF-16 units; its length when it is cut short. The messages of
 * `JSON.parse` differ between runtimes, so the place is found here, on the way to a 400 only.
 */
export function findJsonFault(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    while (isSpace(text, at)) at++;
    const token = tokenAt(text, at);
    if (typeof token === 'number') return token;
    const next = step(expected, token.kind, open);
    if (next === undefined) return at;
    expected = next;
    at = token.end;
  }
}

function isSpace(text: string, at: number): boolean {
  return at < text.length && ' \t\n\r'.includes(text.charAt(at));
}

function tokenAt(text: string, at: number): Token | number {
  const character = text.charAt(at);
  switch (character) {
    case '{':
    case '[':
    case '}':
    case ']':
    case ',':
    case ':':
      return { kind: character, end: at + 1 };
    case '"':
      return stringAt(text, at);
    default: {
      SCALAR.lastIndex = at;
      const scalar = SCALAR.exec(text);
      return scalar === null ? at : { kind: 'scalar', end: at + scalar[0].length };
    }
  }
}

function stringAt(text: string, start: number): Token | number {
  let end = start + 1;
  while (end < text.length && text.charAt(end) !== '"') {
    if (text.charAt(end) < ' ') return end;
    if (text.charAt(end) === '\\') {
      ESCAPE.lastIndex = end;
      const sequence = ESCAPE.exec(text);
      if (sequence === null) return end;
      end += sequence[0].length;
    } else end++;
  }
  return end < text.length ? { kind: 'string', end: end + 1 } : text.length;
}

/** The grammar: what follows a token, or undefined when the token may not stand there. */
function step(expected: Expected, kind: Token['kind'], open: ('{' | '[')[]): Expected | undefined {
  if (kind === '}' || kind === ']') return close(expected, kind, open);
  if (expected === 'comma-or-end') {
    if (kind !== ',') return undefined;
    return open.at(-1) === '{' ? 'name' : 'value';
  }
  if (expected === 'colon') return kind === ':' ? 'value' : undefined;
  if (expected === 'name' || expected === 'name-or-end')
    return kind === 'string' ? 'colon' : undefined;
  if (expected === 'end') return undefined;
  return value(kind, open);
}

function value(kind: Token['kind'], open: ('{' | '[')[]): Expected | undefined {
  if (kind === '{' || kind === '[') {
    open.push(kind);
    return kind === '{' ? 'name-or-end' : 'value-or-end';
  }
  if (kind !== 'string' && kind !== 'scalar') return undefined;
  return open.length === 0 ? 'end' : 'comma-or-end';
}

function close(expected: Expected, kind: '}' | ']', open: ('{' | '[')[]): Expected | undefined {
  const opener = kind === '}' ? '{' : '[';
  const empty = kind === '}' ? 'name-or-end' : 'value-or-end';
  if (open.at(-1) !== opener || (expected !== 'comma-or-end' && expected !== empty))
    return undefined;
  open.pop();
  return open.length === 0 ? 'end' : 'comma-or-end';
}
