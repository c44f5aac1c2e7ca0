/**
 * Why an attempt failed. The class alone decides the reaction (fault catalogue §1):
 * `client`, `client-size`, `policy` — the request is at fault; `rate`, `quota`, `key` — our key is;
 * `overload`, `route`, `malformed`, `slow` — the model's endpoint is; `content` — what it says is of
 * little use; `transport`, `provider` — the host is; `mid-stream` — it broke after the first byte to
 * the client; `cancel`, `deadline` — the client left or ran out of time; `self` — our own platform.
 */
export const FAILURE_KINDS = [
  'client',
  'client-size',
  'policy',
  'rate',
  'quota',
  'key',
  'overload',
  'route',
  'malformed',
  'slow',
  'content',
  'transport',
  'provider',
  'mid-stream',
  'cancel',
  'deadline',
  'self',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export type AttemptFailure = {
  readonly kind: FailureKind;
  /** Our stable word for it, `rate_limited` or `model_not_found`; see `errors.ts`. */
  readonly code: string;
  /** For operators and callers: no secret, no host, none of the provider's own text. */
  readonly message: string;
  /** The provider's HTTP status, or the one inside its body; undefined without an answer. */
  readonly status: number | undefined;
  /** How long the provider asked us to wait. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the provider may have begun (and may bill) the work. */
  readonly accepted: 'yes' | 'no' | 'unknown';
  /** The caller's field at fault, where the provider named it. */
  readonly field?: string | undefined;
  /** Overrides whether the same model may be asked again. */
  readonly retryable?: boolean;
  /** Overrides whether the next candidate may be asked: the request is right, the model unable. */
  readonly triesNext?: boolean;
};

/** What a class of failure allows. */
export type FailureReaction = {
  /** Ask the same model again, where nothing was accepted there. */
  readonly retriesSameModel: boolean;
  /** Go on to the next candidate. */
  readonly triesNext: boolean;
  /** Only a candidate with a larger window than the one that failed. */
  readonly needsLargerModel: boolean;
  /** What it says of somebody's health: the model's breaker counts it, or its key is held. */
  readonly health: 'none' | 'model' | 'key-on-model' | 'key';
};

const STOP = {
  retriesSameModel: false,
  triesNext: false,
  needsLargerModel: false,
  health: 'none',
} as const;
const NEXT = {
  retriesSameModel: false,
  triesNext: true,
  needsLargerModel: false,
  health: 'model',
} as const;

/** The one table that says what each kind of failure allows. */
export const REACTIONS: Readonly<Record<FailureKind, FailureReaction>> = {
  client: STOP,
  'client-size': { ...STOP, triesNext: true, needsLargerModel: true },
  policy: STOP,
  rate: { ...NEXT, retriesSameModel: true, health: 'key-on-model' },
  quota: { ...NEXT, health: 'key' },
  key: { ...NEXT, health: 'key' },
  overload: NEXT,
  route: { ...NEXT, retriesSameModel: true },
  malformed: NEXT,
  slow: NEXT,
  content: { ...NEXT, health: 'none' },
  transport: { ...NEXT, retriesSameModel: true },
  provider: NEXT,
  'mid-stream': { ...STOP, health: 'model' },
  cancel: STOP,
  deadline: STOP,
  self: { ...NEXT, health: 'none' },
};
