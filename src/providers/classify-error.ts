import type { AttemptFailure, FailureKind } from '../domain/failure.ts';

/** What an error answer says, read out of its wire's own shape. */
export type ErrorFacts = {
  readonly status: number;
  /** Every machine-readable word of the body: code, type, reason, exception name. */
  readonly words: readonly string[];
  readonly message: string;
  readonly retryAfterMs: number | undefined;
  /** The request field that the provider blames. */
  readonly field: string | undefined;
  /** True for a web page: a proxy or a challenge answered, not the provider's API. */
  readonly isPage: boolean;
};

type Rule = {
  readonly kind: FailureKind;
  readonly code: string;
  readonly statuses?: readonly number[];
  readonly words?: readonly string[];
  readonly message?: RegExp;
  readonly isPage?: boolean;
  readonly hasRetryAfter?: boolean;
  readonly retryable?: boolean;
};

/**
 * Fault catalogue §1 and §2 as data. The first rule whose every given condition holds decides, so
 * the special cases stand above the plain statuses. Words and messages are those seen in recorded
 * traffic, and where none was recorded, those of the providers' documentation.
 */
const RULES: readonly Rule[] = [
  // A page in front of the API (F21, F27, F32): its status says nothing of the key or the request.
  { kind: 'client-size', code: 'request_too_large', statuses: [413] },
  { kind: 'transport', code: 'challenge_page', statuses: [403], isPage: true, retryable: false },
  {
    kind: 'transport',
    code: 'edge_error',
    statuses: [520, 521, 522, 523, 524, 525, 526, 530],
    retryable: false,
  },
  // Too much input (F02, F24).
  {
    kind: 'client-size',
    code: 'request_above_rate_limit',
    statuses: [429],
    message: /request too large/i,
  },
  {
    kind: 'client-size',
    code: 'context_length_exceeded',
    words: [
      'context_length_exceeded',
      'string_above_max_length',
      'too_many_prompt_tokens',
      'too_many_tokens',
    ],
  },
  {
    kind: 'client-size',
    code: 'context_length_exceeded',
    statuses: [400, 413, 422],
    message:
      /context (?:length|window|limit)|prompt is too long|input token count|maximum context|too many (?:input )?tokens|input is too long|messages is too long/i,
  },
  // Safety (F26).
  {
    kind: 'policy',
    code: 'content_filter',
    words: [
      'content_filter',
      'responsibleaipolicyviolation',
      'content_policy_violation',
      'moderation_blocked',
    ],
  },
  { kind: 'policy', code: 'content_filter', statuses: [403], message: /flagged|moderation/i },
  // Money (F04, F07, F11).
  {
    kind: 'quota',
    code: 'quota_exhausted',
    words: [
      'insufficient_quota',
      'credit_balance_exhausted',
      'project_spend_limit_exceeded',
      'organization_spend_limit_exceeded',
      'organization_usage_limit_exceeded',
      'enforced_spend_limit_reached',
      'billing_error',
      'quota_exceeded',
    ],
  },
  {
    kind: 'quota',
    code: 'quota_exhausted',
    statuses: [400, 403, 429],
    message:
      /credit balance|insufficient credits|exceeded your current quota|spend limit|per ?day/i,
  },
  { kind: 'rate', code: 'rate_limited', statuses: [402], hasRetryAfter: true },
  { kind: 'quota', code: 'quota_exhausted', statuses: [402] },
  // The model has no capacity (F10, F12, F13, F14).
  {
    kind: 'overload',
    code: 'overloaded',
    words: [
      'overloaded_error',
      'server_is_overloaded',
      'modelnotreadyexception',
      'capacity_exceeded',
    ],
  },
  { kind: 'overload', code: 'overloaded', statuses: [529, 498] },
  {
    kind: 'overload',
    code: 'overloaded',
    statuses: [429, 503],
    message: /high demand|overloaded|resource exhausted\. please try again later|no capacity/i,
  },
  // Limits of our key (F01, F03, F05, F06, F08).
  {
    kind: 'rate',
    code: 'rate_limited',
    words: [
      'rate_limit_exceeded',
      'rate_limit_error',
      'slow_down',
      'throttlingexception',
      'servicequotaexceededexception',
      'resource_exhausted',
    ],
  },
  { kind: 'rate', code: 'rate_limited', statuses: [503], message: /throttled/i },
  { kind: 'rate', code: 'rate_limited', statuses: [429] },
  // Keys and permissions (F18, F20).
  {
    kind: 'key',
    code: 'key_rejected',
    words: [
      'invalid_api_key',
      'authentication_error',
      'api_key_invalid',
      'expiredtokenexception',
      'unrecognizedclientexception',
      'invalidsignatureexception',
    ],
  },
  { kind: 'key', code: 'key_rejected', statuses: [401] },
  {
    kind: 'key',
    code: 'key_rejected',
    statuses: [400, 403],
    message: /incorrect api key|api key not valid/i,
  },
  { kind: 'key', code: 'not_permitted', statuses: [403] },
  // The model is not there (F22); several vendors say so with 400.
  {
    kind: 'route',
    code: 'model_gone',
    words: [
      'model_not_found',
      'model_decommissioned',
      'deploymentnotfound',
      'invalid_model',
      'not_found_error',
    ],
    retryable: false,
  },
  {
    kind: 'route',
    code: 'model_gone',
    statuses: [400],
    message:
      /model\b.{0,200}(?:does not exist|not found|decommissioned|deprecated)|invalid model|model identifier is invalid/i,
    retryable: false,
  },
  { kind: 'route', code: 'model_gone', statuses: [404, 410], retryable: false },
  // The model wrote a call that its own server could not read (Groq): another try may do better.
  { kind: 'malformed', code: 'tool_use_failed', words: ['tool_use_failed'], retryable: true },
  // Passing troubles (F29, F30, F31).
  { kind: 'route', code: 'conflict', statuses: [408, 409, 425] },
  { kind: 'slow', code: 'gateway_timeout', statuses: [504], retryable: false },
];

const STATUS_RULES: readonly { readonly from: number; readonly rule: Rule }[] = [
  { from: 500, rule: { kind: 'route', code: 'server_error' } },
  { from: 400, rule: { kind: 'client', code: 'rejected_request' } },
  { from: 300, rule: { kind: 'route', code: 'redirected', retryable: false } },
  { from: 0, rule: { kind: 'malformed', code: 'unexpected_status' } },
];

/** The class of an error answer; total over every status and body. */
export function classifyError(facts: ErrorFacts): AttemptFailure {
  const words = facts.words.map((word) => word.toLowerCase());
  const rule = RULES.find((candidate) => isMet(candidate, facts, words)) ?? ruleOf(facts.status);
  return {
    kind: rule.kind,
    code: rule.code,
    message: `${MESSAGES[rule.code] ?? 'the provider answered with an error'} (${facts.status})`,
    status: facts.status,
    accepted: 'no',
    retryAfterMs: facts.retryAfterMs,
    field: rule.kind === 'client' ? facts.field : undefined,
    ...(rule.retryable === undefined ? {} : { retryable: rule.retryable }),
  };
}

function isMet(rule: Rule, facts: ErrorFacts, words: readonly string[]): boolean {
  if (rule.statuses !== undefined && !rule.statuses.includes(facts.status)) return false;
  if (rule.words !== undefined && !rule.words.some((word) => words.includes(word))) return false;
  if (rule.message !== undefined && !rule.message.test(facts.message)) return false;
  if (rule.isPage === true && !facts.isPage) return false;
  return rule.hasRetryAfter !== true || facts.retryAfterMs !== undefined;
}

function ruleOf(status: number): Rule {
  const found = STATUS_RULES.find(({ from }) => status >= from);
  return found?.rule ?? { kind: 'malformed', code: 'unexpected_status' };
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
  rate_limited: 'the limit of the provider key is reached',
  overloaded: 'the model is overloaded',
  key_rejected: 'the provider key was rejected',
  not_permitted: 'the provider key may not use this model',
  model_gone: 'the provider does not offer this model',
  tool_use_failed: 'the model wrote a tool call that cannot be read',
  conflict: 'the provider asked to try again',
  gateway_timeout: 'the provider ran out of time',
  server_error: 'the provider failed',
  rejected_request: 'the provider rejected the request',
  redirected: 'the provider redirected the call',
  unexpected_status: 'the provider answered with an unexpected status',
};
