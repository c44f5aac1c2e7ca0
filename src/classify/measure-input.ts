import type { Conversation, ImagePart, Message } from '../domain/conversation.ts';
import type { ImageSize, InputSize, TokenEstimate, TokensByFamily } from '../domain/input-size.ts';
import { estimateTokens, profileTexts } from './estimate-tokens.ts';
import { imageSizeOf } from './image-size.ts';

/** What a conversation gives a model to read: text for each family of tokenizers, and all else. */
export type MeasuredInput = { readonly inputTokens: TokensByFamily; readonly inputSize: InputSize };

/** Documents and audio do not say how long they are: a usual one, and a large one. */
const MEDIA_TOKENS = {
  file: { estimated: 3000, atMost: 60_000 },
  audio: { estimated: 1000, atMost: 20_000 },
};

const NOTHING: TokenEstimate = { estimated: 0, atMost: 0 };

export const NO_INPUT: MeasuredInput = {
  inputTokens: { o200k: NOTHING, cl100k: NOTHING, llama3: NOTHING, gemma: NOTHING },
  inputSize: { messages: 0, tools: undefined, images: [], otherMedia: NOTHING },
};

/** Reads the conversation once; media never go through the text's estimate. */
export function measureInput(conversation: Conversation): MeasuredInput {
  const found: Found = { texts: [], images: [], otherMedia: NOTHING };
  for (const message of conversation.messages) for (const part of message.content) add(found, part);
  const { responseFormat, tools, messages } = conversation;
  if (responseFormat?.type === 'json-schema') found.texts.push(JSON.stringify(responseFormat));
  const { texts, images, otherMedia } = found;
  return {
    inputTokens: tokensByFamily(texts),
    inputSize: {
      messages: messages.length,
      tools: tools.length === 0 ? undefined : tokensByFamily([JSON.stringify(tools)]),
      images,
      otherMedia,
    },
  };
}

/** The texts of the messages, and what was embedded: everything that somebody wrote. */
export function textsOf({ messages, embedding }: Conversation): readonly string[] {
  const found: Found = { texts: [], images: [], otherMedia: NOTHING };
  for (const message of messages) for (const part of message.content) add(found, part);
  const embedded = embedding?.inputs.filter((input) => typeof input === 'string') ?? [];
  return [...found.texts, ...embedded];
}

type Found = { texts: string[]; images: ImageSize[]; otherMedia: TokenEstimate };

function add(found: Found, part: Message['content'][number]): void {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      found.texts.push(part.text);
      return;
    case 'tool-call':
      found.texts.push(part.name, part.arguments);
      return;
    case 'tool-result':
      for (const piece of part.content) add(found, piece);
      return;
    case 'image':
      found.images.push(measureImage(part));
      return;
    case 'file':
    case 'audio': {
      const { estimated, atMost } = MEDIA_TOKENS[part.type];
      found.otherMedia = {
        estimated: found.otherMedia.estimated + estimated,
        atMost: found.otherMedia.atMost + atMost,
      };
      return;
    }
  }
}

function measureImage({ source, detail }: ImagePart): ImageSize {
  const pixels = source.type === 'base64' ? imageSizeOf(source.data) : undefined;
  return { pixels, isLowDetail: detail === 'low' };
}

/** One scan of the texts, an estimate for each family. */
export function tokensByFamily(texts: readonly string[]): TokensByFamily {
  const profile = profileTexts(texts);
  return {
    o200k: estimateTokens(profile, 'o200k'),
    cl100k: estimateTokens(profile, 'cl100k'),
    llama3: estimateTokens(profile, 'llama3'),
    gemma: estimateTokens(profile, 'gemma'),
  };
}
