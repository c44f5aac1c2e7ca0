import type { Conversation, Message } from '../domain/conversation.ts';
import type { TokenEstimate } from '../domain/decision.ts';
import { TOKENIZER_FAMILIES, type TokenizerFamily } from '../domain/model.ts';

/** What one message costs beside its text: role and separators. */
const TOKENS_PER_MESSAGE = 4;
/** Anthropic's fixed cost of offering any tool, the largest measured. */
const TOKENS_OF_TOOL_USE = 600;
const MEDIA_TOKENS: Readonly<Record<'image' | 'file' | 'audio', TokenEstimate>> = {
  image: { estimated: 1000, atMost: 4800 },
  file: { estimated: 3000, atMost: 60_000 },
  audio: { estimated: 1000, atMost: 20_000 },
};

/** The whole input of a conversation, for every family of tokenizers. */
export function inputTokensOf(
  conversation: Conversation,
): Readonly<Record<TokenizerFamily, TokenEstimate>> {
  const total = sum([
    ...conversation.messages.map(messageTokens),
    toolTokens(conversation),
    textTokens(JSON.stringify(conversation.responseFormat ?? '')),
  ]);
  const byFamily = TOKENIZER_FAMILIES.map((family) => [family, total] as const);
  return Object.fromEntries(byFamily) as Record<TokenizerFamily, TokenEstimate>; // all families are there
}

function messageTokens(message: Message): TokenEstimate {
  const overhead = { estimated: TOKENS_PER_MESSAGE, atMost: TOKENS_PER_MESSAGE };
  return sum([overhead, ...message.content.map(partTokens)]);
}

function partTokens(part: Message['content'][number]): TokenEstimate {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return textTokens(part.text);
    case 'tool-call':
      return textTokens(part.name + part.arguments);
    case 'tool-result':
      return sum(part.content.map(partTokens));
    case 'image':
    case 'file':
    case 'audio':
      return MEDIA_TOKENS[part.type];
  }
}

function toolTokens({ tools }: Conversation): TokenEstimate {
  if (tools.length === 0) return { estimated: 0, atMost: 0 };
  const schemas = textTokens(JSON.stringify(tools));
  return { estimated: schemas.estimated, atMost: schemas.atMost + TOKENS_OF_TOOL_USE };
}

/** Four characters a token as a guess; two, or two tokens for each other character, as the bound. */
function textTokens(text: string): TokenEstimate {
  let others = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) others++;
  const ascii = text.length - others;
  return { estimated: Math.ceil(ascii / 4 + others), atMost: Math.ceil(ascii / 2 + others * 2) };
}

function sum(estimates: readonly TokenEstimate[]): TokenEstimate {
  let estimated = 0;
  let atMost = 0;
  for (const estimate of estimates) {
    estimated += estimate.estimated;
    atMost += estimate.atMost;
  }
  return { estimated, atMost };
}
