import type {
  Conversation,
  Message,
  PartedConversation,
  TextPart,
} from '../domain/conversation.ts';
import { inputTokensFor } from '../domain/decision.ts';
import type { Warning } from '../domain/dialect.ts';
import type { RoutableModel } from '../domain/model.ts';
import { measureInput, tokensByFamily } from './measure-input.ts';
import { splitText } from './split-text.ts';

/** The window that the parts are to fit into. */
type PartWindow = {
  readonly model: RoutableModel;
  /** Reported over estimated input tokens. */
  readonly tokenRatio: number;
  readonly outputRoomTokens: number;
};

/** Every part is a call that is paid for: more of them are a mistake rather than a request. */
const MAX_PARTS = 16;
/** A smaller share of a window is no place to read in: the rest of the conversation fills it. */
const LEAST_ROOM_RATIO = 0.1;
/** What a part's answer may have where the caller did not say; of a small window an eighth. */
const PART_ANSWER_TOKENS = 4096;
const PART_ANSWER_RATIO = 1 / 8;
/** The answers take at most this share of the room that a part has, so that they fit in together. */
const ANSWERS_RATIO = 0.5;
/** Where some piece has more tokens than an even share of them: this many times as many pieces. */
const MORE_PIECES = 1.25;

/**
 * Splits the longest text of the messages so that each part, with all else of the conversation, fits
 * into a window; undefined where that cannot be, or where its parts would not be answered in text.
 */
export function splitConversation(
  conversation: Conversation,
  window: PartWindow,
): PartedConversation | undefined {
  const place = canBeParted(conversation) ? longestText(conversation.messages) : undefined;
  if (place === undefined) return undefined;
  const roomTokens = roomIn(
    window,
    withText(conversation, place, partText('', MAX_PARTS, MAX_PARTS)),
  );
  if (roomTokens < window.model.capability.contextTokens * LEAST_ROOM_RATIO) return undefined;
  const least = Math.max(2, Math.ceil(tokensOf(place.text, window) / roomTokens));
  for (let count = least; count <= MAX_PARTS; count = Math.ceil(count * MORE_PIECES)) {
    const pieces = splitText(place.text, count);
    if (pieces.some((piece) => tokensOf(piece, window) > roomTokens)) continue;
    const share = Math.floor((roomTokens * ANSWERS_RATIO) / count);
    const maxOutputTokens = Math.max(1, Math.min(answerRoomIn(window, conversation), share));
    return partedBy({ conversation, place, pieces, maxOutputTokens });
  }
  return undefined;
}

/** Tools and schemas shape an answer that no other is made of; a dialect's own body cannot be split. */
function canBeParted(conversation: Conversation): boolean {
  const { embedding, tools, responseFormat, isPrefilled, native, messages } = conversation;
  const isPlain = responseFormat === undefined || responseFormat.type === 'text';
  const hasTools = tools.length > 0 || messages.some(({ role }) => role === 'tool');
  return (
    embedding === undefined &&
    isPlain &&
    !hasTools &&
    isPrefilled !== true &&
    native?.isOnlyForm !== true
  );
}

type Place = { readonly message: number; readonly part: number; readonly text: string };

function longestText(messages: readonly Message[]): Place | undefined {
  let longest: Place | undefined;
  for (const [message, { content }] of messages.entries()) {
    for (const [part, piece] of content.entries()) {
      if (piece.type !== 'text' || piece.text.length <= (longest?.text.length ?? 0)) continue;
      longest = { message, part, text: piece.text };
    }
  }
  return longest;
}

function withText(conversation: Conversation, place: Place, text: string): Conversation {
  const replaced: TextPart = { type: 'text', text };
  const messages = conversation.messages.map((message, at) => {
    if (at !== place.message) return message;
    const content = message.content.map((part, number) =>
      number === place.part ? replaced : part,
    );
    return { ...message, content } as Message; // a text for a text, which that role may have
  });
  return { ...conversation, messages, native: undefined };
}

/** Input tokens that are left for the text beside all else and the answer. */
function roomIn(window: PartWindow, rest: Conversation): number {
  const { model, tokenRatio } = window;
  const { contextTokens, inputTokens } = model.capability;
  const { atMost } = inputTokensFor(measureInput(rest), model, tokenRatio);
  return Math.min(contextTokens - answerRoomIn(window, rest), inputTokens) - atMost;
}

function answerRoomIn(window: PartWindow, { maxOutputTokens }: Conversation): number {
  const { contextTokens, outputTokens } = window.model.capability;
  const usual = Math.min(PART_ANSWER_TOKENS, Math.floor(contextTokens * PART_ANSWER_RATIO));
  const room = maxOutputTokens ?? Math.max(window.outputRoomTokens, usual);
  return Math.min(room, outputTokens);
}

function tokensOf(text: string, { model, tokenRatio }: PartWindow): number {
  const { family, multiplier } = model.tokenizer;
  return tokensByFamily([text])[family].atMost * Math.max(multiplier * tokenRatio, 1);
}

type Split = {
  readonly conversation: Conversation;
  readonly place: Place;
  readonly pieces: readonly string[];
  /** Of each part's answer. */
  readonly maxOutputTokens: number;
};

function partedBy({ conversation, place, pieces, maxOutputTokens }: Split): PartedConversation {
  const part = {
    ...conversation,
    stream: false,
    maxOutputTokens,
    sampling: { ...conversation.sampling, choices: 1 },
  };
  const warnings = [...conversation.warnings, ...warningsOf(conversation, pieces.length)];
  return {
    parts: pieces.map((piece, at) => withText(part, place, partText(piece, at + 1, pieces.length))),
    combine: (answers) => withText({ ...conversation, warnings }, place, answersText(answers)),
  };
}

/** What is lost where the body does not pass as it came, and that it did not. */
function warningsOf({ native }: Conversation, parts: number): readonly Warning[] {
  const message = `its longest text fits no window: read in ${parts} parts, whose answers are combined`;
  const lost = native?.untranslatable ?? [];
  return [
    { type: 'changed', field: 'messages', message },
    ...lost.map((field): Warning => {
      return {
        type: 'unsupported',
        field,
        message: `${field} is lost where a text is read in parts`,
      };
    }),
  ];
}

function partText(piece: string, number: number, count: number): string {
  const what = `part ${number} of ${count} of a text that is too long to be read at once`;
  const how = 'Do what is asked for this part alone; the answers to all parts are combined later.';
  return `[This is ${what}. ${how}]\n\n${piece}`;
}

function answersText(answers: readonly string[]): string {
  const what = `The text was too long to be read at once. These are the answers to its ${answers.length} parts, in order.`;
  const how = 'Make of them the one answer that the whole text would have had.';
  const parts = answers.map((answer, at) => `[Part ${at + 1}]\n${answer}`);
  return [`[${what} ${how}]`, ...parts].join('\n\n');
}
