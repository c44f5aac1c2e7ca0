import type { AnswerFacts } from './answer-facts.ts';
import { finishOf, NO_USAGE } from './expected-facts.ts';

export type RawGemini = {
  responseId?: string;
  modelVersion?: string;
  promptFeedback?: { blockReason?: string };
  candidates?: {
    finishReason?: string;
    content?: {
      parts?: {
        text?: string;
        thought?: boolean;
        thoughtSignature?: string;
        functionCall?: { id?: string; name: string; args?: object };
      }[];
    };
    groundingMetadata?: { groundingChunks?: { web?: { uri: string } }[] };
  }[];
  usageMetadata?: {
    promptTokenCount?: number;
    totalTokenCount?: number;
    candidatesTokenCount?: number;
    cachedContentTokenCount?: number;
    thoughtsTokenCount?: number;
    toolUsePromptTokenCount?: number;
  };
};

export function expectedGemini(responses: readonly RawGemini[]): AnswerFacts {
  const candidates = responses.flatMap((response) => response.candidates?.slice(0, 1) ?? []);
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
  const blocked = responses.find(({ promptFeedback }) => promptFeedback?.blockReason);
  const said = candidates.findLast(({ finishReason }) => finishReason)?.finishReason;
  return {
    upstreamId: responses[0]?.responseId,
    upstreamModel: responses[0]?.modelVersion,
    text: parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join(''),
    reasoning: parts.map(({ text, thought }) => (thought ? (text ?? '') : '')).join(''),
    refusal: '',
    toolCalls: calls.map(({ id, name, args }) => ({
      id: id ?? 'made',
      name,
      arguments: args ?? {},
    })),
    citations: candidates.flatMap(({ groundingMetadata }) =>
      (groundingMetadata?.groundingChunks ?? []).flatMap(({ web }) => web?.uri ?? []),
    ),
    signatures: parts.flatMap(({ thoughtSignature }) => thoughtSignature ?? []),
    finish: finishOf(said ?? blocked?.promptFeedback?.blockReason, calls.length > 0),
    usage: geminiUsage(responses.findLast(({ usageMetadata }) => usageMetadata)?.usageMetadata),
  };
}

/**
 * What was spent on the answer is the total without the prompt and what tools put into it. Two
 * recordings with an image by its address report neither prompt nor total.
 */
function geminiUsage(usage: RawGemini['usageMetadata']): AnswerFacts['usage'] {
  if (usage === undefined) return NO_USAGE;
  const {
    promptTokenCount: prompt,
    candidatesTokenCount: answer,
    thoughtsTokenCount: thoughts,
  } = usage;
  const input = prompt === undefined ? undefined : prompt + (usage.toolUsePromptTokenCount ?? 0);
  const alone = answer === undefined ? undefined : answer + (thoughts ?? 0);
  return {
    input,
    output: input === undefined ? alone : (usage.totalTokenCount ?? 0) - input,
    cacheRead: usage.cachedContentTokenCount,
    cacheWrite: undefined,
    reasoning: thoughts,
  };
}
