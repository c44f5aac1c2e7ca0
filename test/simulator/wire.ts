import type { Answer } from './answer.ts';
import type { ErrorKind, Prompt, Refusal } from './prompt.ts';

/** One piece of a streamed answer, as one write on the connection. */
export type Piece = {
  readonly bytes: string | Uint8Array;
  /**
   * `head`: before any content. `content`: text, reasoning or a call. `finish`: the reason, and usage
   * where it stands beside it. `usage`: usage alone. `terminal`: the wire's last word.
   */
  readonly role: 'head' | 'content' | 'finish' | 'usage' | 'terminal';
};

/** What is the same in every answer of one call. */
export type Telling = {
  readonly prompt: Prompt;
  readonly answer: Answer;
  /** The id of the answer at the provider. */
  readonly id: string;
  /** Which provider plays: its label in the address. */
  readonly label: string;
};

/** An error as it goes out. */
export type ErrorReply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export type ErrorWords = {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly code?: string | undefined;
  readonly field?: string | undefined;
};

/** How one wire format is read and written. */
export type SimulatedWire = {
  readonly name: 'openai' | 'openai-responses' | 'anthropic' | 'gemini' | 'bedrock';
  /** The credential as the client sent it; undefined when there is none. */
  credentialOf(headers: Headers, url: URL): string | undefined;
  read(body: unknown, url: URL): Prompt | Refusal;
  whole(telling: Telling): unknown;
  stream(telling: Telling): readonly Piece[];
  readonly streamType: string;
  error(words: ErrorWords): ErrorReply;
  /** An error inside a stream that has begun. */
  streamError(words: ErrorWords): string | Uint8Array;
  /** How a piece of a stream is spoiled that is no text. */
  readonly binary?: BinaryPieces;
};

export type BinaryPieces = {
  /** The same message with another text in it. */
  edit(piece: Uint8Array, change: (text: string) => string): Uint8Array;
  /** A whole message whose text cannot be read. */
  readonly broken: Uint8Array;
};

const WORDS = /\s*\S+\s*/g;
const WORDS_PER_PIECE = 3;

/** Text as it is streamed: three words at a time. */
export function piecesOf(text: string): readonly string[] {
  const words = text.match(WORDS) ?? (text === '' ? [] : [text]);
  const pieces: string[] = [];
  for (let at = 0; at < words.length; at += WORDS_PER_PIECE) {
    pieces.push(words.slice(at, at + WORDS_PER_PIECE).join(''));
  }
  return pieces;
}

/** The part of JSON text that is streamed at once. */
export function halvesOf(json: string): readonly string[] {
  const middle = Math.ceil(json.length / 2);
  return [json.slice(0, middle), json.slice(middle)].filter((half) => half !== '');
}
