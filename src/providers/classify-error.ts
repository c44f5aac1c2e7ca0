import type { AttemptFailure } from '../domain/failure.ts';
import { RULES, type Rule } from './error-rules.ts';

/** What an error answer says, read out of its wire's own shape. */
export type ErrorFacts = {
  readonly status: number;
  /** Every machine-readable word of the body: code, type, reason, exception name. */
  readonly words: readonly string[];
  /** The provider's message, and those inside it that it passes on from others. */
  readonly messages: readonly string[];
  readonly retryAfterMs: number | undefined;
  /** The request field that the provider blames. */
  readonly field: string | undefined;
  /** True for a web page: a proxy or a challenge answered, not the provider's API. */
  readonly isPage: boolean;
  /** The provider says that the same call cannot succeed. */
  readonly forbidsRetry: boolean;
};

const STATUS_RULES: readonly { readonly from: number; readonly rule: Rule }[] = [
  { from: 500, rule: { kind: 'route', code: 'server_error' } },
  { from: 425, rule: { kind: 'client', code: 'rejected_request' } },
  // Bedrock's status for a model that failed behind it.
  { from: 424, rule: { kind: 'route', code: 'server_error' } },
  { from: 400, rule: { kind: 'client', code: 'rejected_request' } },
  { from: 300, rule: { kind: 'route', code: 'redirected', retryable: false } },
  { from: 0, rule: { kind: 'malformed', code: 'unexpected_status' } },
];

/** The class of an error answer; total over every status and body. */
export function classifyError(facts: ErrorFacts): AttemptFailure {
  const words = facts.words.map((word) => word.toLowerCase());
  const rule = RULES.find((candidate) => isMet(candidate, facts, words)) ?? ruleOf(facts.status);
  const retryable = facts.forbidsRetry ? false : rule.retryable;
  return {
    kind: rule.kind,
    code: rule.code,
    message: `${MESSAGES[rule.code] ?? 'the provider answered with an error'} (${facts.status})`,
    status: facts.status,
    accepted: 'no',
    retryAfterMs: holdOf(facts.retryAfterMs, rule.holdMs),
    field: rule.kind === 'client' ? facts.field : undefined,
    ...(retryable === undefined ? {} : { retryable }),
    ...(rule.triesNext === undefined ? {} : { triesNext: rule.triesNext }),
  };
}

function isMet(rule: Rule, facts: ErrorFacts, words: readonly string[]): boolean {
  const { statuses, words: wanted, message } = rule;
  if (statuses !== undefined && !statuses.includes(facts.status)) return false;
  if (wanted !== undefined && !wanted.some((word) => words.includes(word))) return false;
  if (message !== undefined && !facts.messages.some((text) => message.test(text))) return false;
  if (rule.isPage === true && !facts.isPage) return false;
  return rule.hasRetryAfter !== true || facts.retryAfterMs !== undefined;
}

function ruleOf(status: number): Rule {
  const found = STATUS_RULES.find(({ from }) => status >= from);
  return found?.rule ?? { kind: 'malformed', code: 'unexpected_status' };
}

function holdOf(wishMs: number | undefined, leastMs: number | undefined): number | undefined {
  return leastMs === undefined ? wishMs : Math.max(wishMs ?? 0, leastMs);
}

/** Ours, word for word: a provider's own text may name accounts, hosts and keys. */
const MESSAGES: Readonly<Record<string, string>> = {
  request_too_large: 'the request is larger than the provider takes',
  challenge_page: 'a web page answered in place of the provider',
  edge_error: 'the provider could not be reached behind its edge',
  request_above_rate_limit: 'the request alone is larger than the limit per minute',
  context_length_exceeded: "the input does not fit into the model's window",
  content_filter: "the provider's safety system refused the request",
  quota_exhausted: 'the quota of the provider key is used up',
  daily_limit_reached: "the day's limit of the provider key is reached",
  rate_limited: 'the limit of the provider key is reached',
  overloaded: 'the model is overloaded',
  key_rejected: 'the provider key was rejected',
  not_permitted: 'the provider key may not use this model',
  unsupported_by_model: 'the model does not support what the request asks for',
  model_gone: 'the provider does not offer this model',
  tool_use_failed: 'the model wrote a tool call that cannot be read',
  conflict: 'the provider asked to try again',
  gateway_timeout: 'the provider ran out of time',
  server_error: 'the provider failed',
  rejected_request: 'the provider rejected the request',
  redirected: 'the provider redirected the call',
  unexpected_status: 'the provider answered with an unexpected status',
};
