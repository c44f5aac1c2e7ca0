import type { FailureKind } from '../domain/failure.ts';

/** One line of the fault catalogue: what holds of an error answer, and the class that it then is. */
export type Rule = {
  readonly kind: FailureKind;
  readonly code: string;
  readonly statuses?: readonly number[];
  /** Machine-readable words of the body, in lower case; one of them is enough. */
  readonly words?: readonly string[];
  readonly message?: RegExp;
  readonly isPage?: boolean;
  readonly hasRetryAfter?: boolean;
  readonly retryable?: boolean;
  readonly triesNext?: boolean;
  /** Rests the key at least this long. */
  readonly holdMs?: number;
};

/** A wish for more is taken as this much, and asked again then (fault catalogue F16). */
export const MAX_HOLD_MS = 600_000;

/*
 * Fault catalogue §1 and §2 as data. The first rule whose every given condition holds decides, so the
 * special cases stand above the plain statuses. Words and messages are those seen in recorded
 * traffic, and where none was recorded, those of the providers' documentation.
 *
 * A provider's message may quote the request. Where a class says something of our key or of a model's
 * health, its pattern therefore stands at the beginning of the message, where no caller can write.
 */

/** A page in front of the API (F21, F27, F32): its status says nothing of the key or the request. */
const EDGE: readonly Rule[] = [
  { kind: 'client-size', code: 'request_too_large', statuses: [413] },
  {
    kind: 'transport',
    code: 'challenge_page',
    statuses: [400, 401, 403, 405],
    isPage: true,
    retryable: false,
  },
  {
    kind: 'transport',
    code: 'edge_error',
    statuses: [520, 521, 522, 523, 524, 525, 526, 530],
    retryable: false,
  },
];

/** Too much input (F02, F24). Says nothing of anybody's health: a loose pattern does no harm. */
const SIZE: readonly Rule[] = [
  {
    kind: 'client-size',
    code: 'request_above_rate_limit',
    statuses: [429],
    message: /^request too large/i,
  },
  {
    kind: 'client-size',
    code: 'context_length_exceeded',
    words: [
      'context_length_exceeded',
      'string_above_max_length',
      'too_many_prompt_tokens',
      'too_many_tokens',
      'tokens_limit_reached',
    ],
  },
  {
    kind: 'client-size',
    code: 'context_length_exceeded',
    statuses: [400, 413, 422],
    message:
      /context (?:length|window|limit)|prompt (?:is )?too long|input token count|maximum (?:context|prompt length)|too many (?:input )?tokens|input tokens exceed|input is too long|messages is too long|range of input length|`inputs` (?:tokens|must have less)|reduce the length of the messages|prompt exceeds max length/i,
  },
];

/** Safety (F26). */
const POLICY: readonly Rule[] = [
  {
    kind: 'policy',
    code: 'content_filter',
    words: [
      'content_filter',
      'responsibleaipolicyviolation',
      'content_policy_violation',
      'moderation_blocked',
      'invalid_prompt',
      'data_inspection_failed',
      'datainspectionfailed',
    ],
  },
  {
    kind: 'policy',
    code: 'content_filter',
    statuses: [400, 403],
    message:
      /flagged (?:as|by|for)|requires moderation|violates usage guidelines|blocked by content filtering|^content exists risk|potentially unsafe or sensitive content/i,
  },
];

/** Money (F04, F07, F11) and a day's quota (F09). */
const QUOTA: readonly Rule[] = [
  {
    kind: 'rate',
    code: 'daily_limit_reached',
    statuses: [429],
    message: /^\w+PerDay/,
    holdMs: MAX_HOLD_MS,
  },
  {
    kind: 'quota',
    code: 'quota_exhausted',
    words: [
      'insufficient_quota',
      'exceeded_current_quota_error',
      'credit_balance_exhausted',
      'project_spend_limit_exceeded',
      'organization_spend_limit_exceeded',
      'organization_usage_limit_exceeded',
      'enforced_spend_limit_reached',
      'billing_error',
      'quota_exceeded',
      'arrearage',
      'errors/3036',
    ],
  },
  {
    kind: 'quota',
    code: 'quota_exhausted',
    statuses: [400, 403, 412, 429],
    message:
      /^(?:your credit balance|insufficient (?:credits|balance)|you have reached your specified .{0,20}usage limits|your (?:newly created )?team .{0,100}(?:credits|spending limit)|account .{0,100} is suspended)/i,
  },
  { kind: 'rate', code: 'rate_limited', statuses: [402], hasRetryAfter: true },
  { kind: 'quota', code: 'quota_exhausted', statuses: [402] },
];

/** The model has no capacity (F10, F12, F13, F14). */
const OVERLOAD: readonly Rule[] = [
  {
    kind: 'overload',
    code: 'overloaded',
    words: [
      'overloaded_error',
      'engine_overloaded_error',
      'server_is_overloaded',
      'modelnotreadyexception',
      'capacity_exceeded',
      'service_tier_capacity_exceeded',
      'queue_exceeded',
      'errors/3040',
    ],
  },
  { kind: 'overload', code: 'overloaded', statuses: [529, 498] },
  {
    kind: 'overload',
    code: 'overloaded',
    statuses: [429, 503],
    message:
      /high demand|high traffic|overloaded|resource exhausted\. please try again later|no capacity|out of capacity|capacity exceeded/i,
  },
];

/** Limits of our key (F01, F03, F05, F06, F08). */
const RATE: readonly Rule[] = [
  {
    kind: 'rate',
    code: 'rate_limited',
    words: [
      'rate_limit_exceeded',
      'rate_limit_error',
      'ratelimitreached',
      'slow_down',
      'throttlingexception',
      'servicequotaexceededexception',
      'resource_exhausted',
      'too_many_requests',
    ],
  },
  { kind: 'rate', code: 'rate_limited', statuses: [503], message: /throttled/i },
  { kind: 'rate', code: 'rate_limited', statuses: [429] },
];

/** Keys and permissions (F18, F20). */
const KEY: readonly Rule[] = [
  {
    kind: 'key',
    code: 'key_rejected',
    words: [
      'invalid_api_key',
      'authentication_error',
      'api_key_invalid',
      'unauthenticated',
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
    message: /^(?:incorrect api key|api key (?:not valid|expired)|authentication (?:error|fail))/i,
  },
  {
    kind: 'key',
    code: 'not_permitted',
    words: [
      'model_terms_required',
      'permission_error',
      'permission_denied',
      'errors/5016',
      'errors/5018',
      'errors/3041',
    ],
  },
  {
    kind: 'key',
    code: 'not_permitted',
    statuses: [400, 404],
    message: /^(?:user location is not supported|no endpoints found matching your data policy)/i,
  },
  { kind: 'key', code: 'not_permitted', statuses: [403] },
];

/** The model cannot do what was asked, or not in this way; another one may (F25). */
const UNSUPPORTED: readonly Rule[] = [
  {
    kind: 'client',
    code: 'unsupported_by_model',
    words: ['unsupported_parameter', 'unsupported_value'],
    triesNext: true,
  },
  {
    kind: 'client',
    code: 'unsupported_by_model',
    statuses: [400, 404, 422],
    message:
      /\bnot (?:enabled|supported|available|allowed) (?:for|with|by|on|in) (?:this model|the model|models\/)|this model does not support|only supported by certain models|unknown variant `(?:image_url|input_audio|file)`|^no endpoints found that (?:can )?support|is not a multimodal model|tool choice requires --/i,
    triesNext: true,
  },
];

/** The model is not there (F22); several vendors say so with 400. */
const GONE: readonly Rule[] = [
  // What a caller names in its own request may be missing, too.
  {
    kind: 'client',
    code: 'rejected_request',
    statuses: [404],
    message: /^(?:file|container|skill|batch)\b/i,
  },
  {
    kind: 'route',
    code: 'model_gone',
    words: [
      'model_not_found',
      'model_decommissioned',
      'deploymentnotfound',
      'operationnotsupported',
      'invalid_model',
      'not_found_error',
      'resourcenotfoundexception',
      'errors/5007',
      'errors/3042',
    ],
    retryable: false,
  },
  {
    kind: 'route',
    code: 'model_gone',
    statuses: [400],
    message:
      /^(?:the )?(?:requested |provided )?model\b.{0,200}(?:does not exist|not exist|not found|decommissioned|deprecated|identifier is invalid)|^invalid model|^invocation of model id\b.{0,200}on-demand throughput/i,
    retryable: false,
  },
  { kind: 'route', code: 'model_gone', statuses: [404, 410], retryable: false },
];

const PASSING: readonly Rule[] = [
  // The model wrote a call that its own server could not read (Groq): another try may do better.
  { kind: 'malformed', code: 'tool_use_failed', words: ['tool_use_failed'], retryable: true },
  // Passing troubles (F29, F31).
  { kind: 'route', code: 'conflict', statuses: [408, 409, 425] },
  { kind: 'slow', code: 'gateway_timeout', statuses: [504], retryable: false },
];

export const RULES: readonly Rule[] = [
  ...EDGE,
  ...SIZE,
  ...POLICY,
  ...OVERLOAD,
  ...QUOTA,
  ...RATE,
  ...KEY,
  ...UNSUPPORTED,
  ...GONE,
  ...PASSING,
];
