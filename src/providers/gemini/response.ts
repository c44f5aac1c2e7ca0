import type { Extras } from '../../domain/conversation.ts';
import type { AttemptFailure } from '../../domain/failure.ts';
import { type JsonValue, parseJson } from '../../domain/json.ts';
import type {
  CitationPart,
  FinishReason,
  ModelResponse,
  ResponsePart,
  Usage,
} from '../../domain/response.ts';
import { isErrorBody } from '../error-body.ts';
import { malformed } from '../malformed.ts';
import { madeToolId } from '../tool-ids.ts';
import { remainder, tokenCount, usageOf } from '../usage.ts';
import { fromErrorInBody } from './failure.ts';
import {
  responseSchema,
  type WireCandidate,
  type WirePart,
  type WireResponse,
  type WireUsage,
} from './wire.ts';

/** A reply of status 2xx → our words; bodies that are no answer become failures (F33 to F37). */
export function fromWireResponse(body: string): ModelResponse | AttemptFailure {
  const json = parseJson(body);
  if (isErrorBody(json)) return fromErrorInBody(json);
  const response = responseSchema.safeParse(json).data;
  if (response === undefined) return malformed('the answer is not generated content');
  const candidate = response.candidates?.[0];
  const blocked = response.promptFeedback?.blockReason;
  if (candidate === undefined && !blocked) return malformed('the answer has no candidates');
  const content = candidate ? contentOf(candidate, response.responseId ?? undefined) : [];
  const hasCalls = content.some(({ type }) => type === 'tool-call');
  return {
    upstreamId: response.responseId ?? undefined,
    upstreamModel: response.modelVersion ?? undefined,
    content: [...content, ...citationsOf(candidate)],
    finishReason: finishOf(response, hasCalls) ?? { unified: 'unknown', raw: undefined },
    usage: response.usageMetadata ? fromWireUsage(response.usageMetadata, true) : {},
  };
}

function contentOf(candidate: WireCandidate, upstreamId: string | undefined): ResponsePart[] {
  const content: ResponsePart[] = [];
  let calls = 0;
  for (const part of candidate.content?.parts ?? []) {
    if (part.functionCall) content.push(toolCallOf(part, madeToolId(upstreamId, calls++)));
    else content.push(...textOf(part));
  }
  return content;
}

/** Text or thought; an empty one counts only for the signature that it carries. */
function textOf(part: WirePart): ResponsePart[] {
  const text = part.text ?? '';
  const extras = extrasOf(part);
  if (text === '' && extras.extras === undefined) return [];
  return [{ type: part.thought === true ? 'reasoning' : 'text', text, ...extras }];
}

function toolCallOf(part: WirePart, madeId: string): ResponsePart {
  const { id, name, args } = part.functionCall ?? {};
  return {
    type: 'tool-call',
    id: id || madeId,
    name: name ?? '',
    arguments: JSON.stringify(args ?? {}),
    ...extrasOf(part),
  };
}

/** The signature that must come back on the same part, under the name of this wire. */
export function extrasOf({ thoughtSignature }: WirePart): { extras?: Extras } {
  return thoughtSignature ? { extras: { gemini: { thoughtSignature } } } : {};
}

export function citationsOf(candidate: WireCandidate | undefined): CitationPart[] {
  const sources = candidate?.groundingMetadata?.groundingChunks ?? [];
  return sources.flatMap(({ web }) =>
    web
      ? [
          {
            type: 'citation' as const,
            url: web.uri ?? undefined,
            title: web.title ?? undefined,
            raw: web as JsonValue, // it came out of JSON.parse
          },
        ]
      : [],
  );
}

const FINISH_REASONS: Readonly<Record<string, FinishReason['unified']>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  LANGUAGE: 'error',
  MALFORMED_FUNCTION_CALL: 'error',
  UNEXPECTED_TOOL_CALL: 'error',
};

/** The enum's numbers, by Google's protocol definition. */
const FINISH_NAMES = [
  'FINISH_REASON_UNSPECIFIED',
  'STOP',
  'MAX_TOKENS',
  'SAFETY',
  'RECITATION',
  'OTHER',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'MALFORMED_FUNCTION_CALL',
];

/** A refused prompt has no candidate at all; a tool call ends with STOP like any answer. */
export function finishOf(response: WireResponse, hasCalls: boolean): FinishReason | undefined {
  const blocked = response.promptFeedback?.blockReason;
  const reason = response.candidates?.[0]?.finishReason;
  if (reason === undefined || reason === null) {
    return blocked ? { unified: 'content-filter', raw: String(blocked) } : undefined;
  }
  const raw = typeof reason === 'number' ? (FINISH_NAMES[reason] ?? String(reason)) : reason;
  const unified = FINISH_REASONS[raw] ?? 'unknown';
  return { unified: unified === 'stop' && hasCalls ? 'tool-calls' : unified, raw };
}

/**
 * Cached tokens are inside the prompt; thoughts stand beside the candidates; a count that is absent
 * from a finished answer is zero.
 */
export function fromWireUsage(usage: WireUsage, isFinal: boolean): Usage {
  const cacheReadTokens = tokenCount(usage.cachedContentTokenCount);
  const toolPrompt = tokenCount(usage.toolUsePromptTokenCount) ?? 0;
  const uncached = remainder(tokenCount(usage.promptTokenCount), cacheReadTokens);
  const candidates = tokenCount(usage.candidatesTokenCount);
  const reasoningTokens = tokenCount(usage.thoughtsTokenCount);
  const output = (candidates ?? 0) + (reasoningTokens ?? 0);
  const isCounted = candidates !== undefined || (isFinal && uncached !== undefined);
  return usageOf({
    uncachedInputTokens: uncached === undefined ? undefined : uncached + toolPrompt,
    cacheReadTokens,
    audioInputTokens: modalityCount(usage.promptTokensDetails, 'AUDIO'),
    imageInputTokens: modalityCount(usage.promptTokensDetails, 'IMAGE'),
    outputTokens: isCounted ? output : undefined,
    reasoningTokens,
    audioOutputTokens: modalityCount(usage.candidatesTokensDetails, 'AUDIO'),
  });
}

function modalityCount(
  details: WireUsage['promptTokensDetails'],
  modality: string,
): number | undefined {
  return tokenCount(details?.find((detail) => detail.modality === modality)?.tokenCount);
}
