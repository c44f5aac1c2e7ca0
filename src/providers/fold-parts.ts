import type { ToolCallPart } from '../domain/conversation.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import {
  type FinishReason,
  type ModelResponse,
  type ModelStreamPart,
  mergeUsage,
  type ResponsePart,
  type Usage,
} from '../domain/response.ts';
import { malformed } from './malformed.ts';

/** A whole answer as the parts of a stream. */
export function partsOf(response: ModelResponse): ModelStreamPart[] {
  const { upstreamId, upstreamModel, content, usage, finishReason } = response;
  const calls = content.filter((part) => part.type === 'tool-call');
  return [
    { type: 'start', upstreamId, upstreamModel },
    ...content.flatMap((part) =>
      part.type === 'tool-call' ? partsOfCall(part, calls.indexOf(part)) : partOf(part),
    ),
    { type: 'usage', usage },
    { type: 'finish', reason: finishReason },
    { type: 'done' },
  ];
}

function partOf(part: Exclude<ResponsePart, ToolCallPart>): ModelStreamPart {
  switch (part.type) {
    case 'text':
      return { ...part, type: 'text-delta' };
    case 'reasoning':
      return { ...part, type: 'reasoning-delta' };
    case 'refusal':
      return { ...part, type: 'refusal-delta' };
    case 'citation':
      return part;
  }
}

function partsOfCall(part: ToolCallPart, index: number): ModelStreamPart[] {
  const { arguments: json, ...call } = part;
  return [
    { ...call, type: 'tool-call-start', index },
    { type: 'tool-call-delta', index, arguments: json },
  ];
}

/** The parts of a whole stream as one answer; a stream without an end, or with a fault, is none. */
export function foldParts(parts: readonly ModelStreamPart[]): ModelResponse | AttemptFailure {
  const fault = parts.find((part) => part.type === 'error');
  if (fault !== undefined) return fault.failure;
  if (!parts.some(({ type }) => type === 'finish' || type === 'done')) return UNFINISHED;
  const start = parts.find((part) => part.type === 'start');
  const finish = parts.findLast((part) => part.type === 'finish');
  const usage = parts.reduce<Usage>(
    (earlier, part) => (part.type === 'usage' ? mergeUsage(earlier, part.usage) : earlier),
    {},
  );
  return {
    upstreamId: start?.upstreamId,
    upstreamModel: start?.upstreamModel,
    content: contentOf(parts),
    finishReason: finish?.reason ?? UNKNOWN_FINISH,
    usage,
  };
}

const UNFINISHED = malformed('the answer came as a stream that has no end');
const UNKNOWN_FINISH: FinishReason = { unified: 'unknown', raw: undefined };

function contentOf(parts: readonly ModelStreamPart[]): ResponsePart[] {
  const content: ResponsePart[] = [];
  for (const part of parts) {
    if (part.type === 'text-delta') addText(content, { ...part, type: 'text' });
    else if (part.type === 'reasoning-delta') addText(content, { ...part, type: 'reasoning' });
    else if (part.type === 'refusal-delta') addText(content, { ...part, type: 'refusal' });
    else if (part.type === 'citation') content.push(part);
    else if (part.type === 'tool-call-start') {
      const { type: _, index, ...call } = part;
      content.push({ ...call, type: 'tool-call', arguments: argumentsOf(parts, index) || '{}' });
    }
  }
  return content;
}

type TextualPart = Extract<ResponsePart, { type: 'text' | 'reasoning' | 'refusal' }>;

/**
 * Pieces of one kind are one part. What a piece of reasoning carries is the signature of the reasoning
 * before it; a text that carries something is a part of its own.
 */
function addText(content: ResponsePart[], piece: TextualPart): void {
  const last = content.at(-1);
  const isOwnPart = piece.type === 'text' && piece.extras !== undefined;
  const isOpen = last?.type === piece.type && !('extras' in last) && !isOwnPart;
  if (!isOpen) content.push(piece);
  else content[content.length - 1] = { ...piece, text: last.text + piece.text };
}

function argumentsOf(parts: readonly ModelStreamPart[], index: number): string {
  return parts
    .map((part) => (part.type === 'tool-call-delta' && part.index === index ? part.arguments : ''))
    .join('');
}
