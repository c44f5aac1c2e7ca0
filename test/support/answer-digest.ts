import type { AttemptFailure } from '../../src/domain/failure.ts';
import {
  type FinishReason,
  type ModelResponse,
  type ModelStreamPart,
  mergeUsage,
  type Usage,
} from '../../src/domain/response.ts';

/** What an answer comes to, whole or streamed: what a recording's raw JSON can be held against. */
export type AnswerDigest = {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly toolCalls: readonly DigestedCall[];
  /** Addresses and titles of the sources, in order. */
  readonly citations: readonly string[];
  /** What must be given back with the reasoning, in order. */
  readonly carried: readonly unknown[];
  readonly finish: FinishReason['unified'] | undefined;
  readonly usage: Usage;
};

export type DigestedCall = {
  readonly id: string;
  readonly name: string;
  /** Parsed; text where it is no JSON, as of a call that was cut off. */
  readonly args: unknown;
};

export function digestOf(answer: ModelResponse | AttemptFailure): AnswerDigest | AttemptFailure {
  if ('kind' in answer) return answer;
  const { content, finishReason, usage } = answer;
  const textOf = (type: 'text' | 'reasoning' | 'refusal'): string =>
    content.map((part) => (part.type === type ? part.text : '')).join('');
  return {
    text: textOf('text'),
    reasoning: textOf('reasoning'),
    refusal: textOf('refusal'),
    toolCalls: content.flatMap((part) =>
      part.type === 'tool-call'
        ? [{ id: part.id, name: part.name, args: parsed(part.arguments) }]
        : [],
    ),
    citations: content.flatMap((part) => (part.type === 'citation' ? [sourceOf(part)] : [])),
    carried: content.flatMap((part) =>
      part.type === 'reasoning' && part.extras ? [part.extras] : [],
    ),
    finish: finishReason.unified,
    usage,
  };
}

export function digestOfParts(parts: readonly ModelStreamPart[]): AnswerDigest | AttemptFailure {
  const fault = parts.find((part) => part.type === 'error');
  if (fault !== undefined) return fault.failure;
  const textOf = (type: 'text-delta' | 'reasoning-delta' | 'refusal-delta'): string =>
    parts.map((part) => (part.type === type ? part.text : '')).join('');
  const argumentsOf = (index: number): string =>
    parts
      .map((part) =>
        part.type === 'tool-call-delta' && part.index === index ? part.arguments : '',
      )
      .join('');
  const starts = parts.filter((part) => part.type === 'tool-call-start');
  return {
    text: textOf('text-delta'),
    reasoning: textOf('reasoning-delta'),
    refusal: textOf('refusal-delta'),
    toolCalls: starts.map(({ id, name, index }) => ({
      id,
      name,
      args: parsed(argumentsOf(index)),
    })),
    citations: parts.flatMap((part) => (part.type === 'citation' ? [sourceOf(part)] : [])),
    carried: parts.flatMap((part) =>
      part.type === 'reasoning-delta' && part.extras ? [part.extras] : [],
    ),
    finish: parts.findLast((part) => part.type === 'finish')?.reason.unified,
    usage: parts.reduce<Usage>(
      (usage, part) => (part.type === 'usage' ? mergeUsage(usage, part.usage) : usage),
      {},
    ),
  };
}

function sourceOf({
  url,
  title,
}: {
  readonly url: string | undefined;
  readonly title: string | undefined;
}): string {
  return [url, title].filter((word) => word !== undefined).join(' ');
}

export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
