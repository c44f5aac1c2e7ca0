import type { AttemptFailure } from './failure.ts';

/** Public error codes: stable, documented in the README, the same in every dialect. */
export const ERROR_CODES = [
  'invalid_json',
  'invalid_request',
  'reserved_field',
  'unsupported_media_type',
  'request_too_large',
  'missing_key',
  'invalid_key',
  'origin_not_allowed',
  'router_not_configured',
  'not_found',
  'method_not_allowed',
  'model_not_found',
  'generation_not_found',
  'no_capable_model',
  'context_length_exceeded',
  'content_filter',
  'upstream_rejected_request',
  'rate_limited',
  'no_capacity',
  'all_candidates_unavailable',
  'upstream_auth',
  'upstream_error',
  'upstream_malformed',
  'upstream_timeout',
  'upstream_stream_error',
  'upstream_stalled',
  'deadline_exceeded',
  'client_closed_request',
  'internal_error',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Why nothing fits, and what the caller could give up so that something does. */
export type Availability = {
  readonly excluded_by: readonly {
    readonly model: string;
    readonly reason: string;
    readonly message: string;
  }[];
  /** The constraint that ruled out most models; null when none stands out. */
  readonly constraint: string | null;
  readonly relax: readonly string[];
};

type ErrorDetails = {
  /** The field of the body at fault. */
  readonly field?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** What a client that retries by itself is told; false by default. */
  readonly shouldRetry?: boolean;
  readonly availability?: Availability;
  /** The classes tried, in order, when every candidate failed. */
  readonly failures?: readonly AttemptFailure[];
  readonly cause?: unknown;
};

/** What the caller must handle. The message names the offending value, never a secret or a text. */
export class RouterError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RouterError';
    this.code = code;
    this.details = details;
  }
}

/** Sooner than this nothing has changed; longer no client should be told to wait. */
const RETRY_AFTER_MS = { least: 1000, most: 60_000 };

/** How long a caller is told to wait, in milliseconds, where something is free again in `waitMs`. */
export function retryAfterFor(waitMs: number): number {
  return Math.min(Math.max(waitMs, RETRY_AFTER_MS.least), RETRY_AFTER_MS.most);
}

/** No answer came: the call could not be made, or its connection ended before the headers. */
export class TransportError extends Error {
  /** True when nothing can have reached the provider, so that asking again is free of doubt. */
  readonly wasNeverSent: boolean;

  constructor(message: string, wasNeverSent: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'TransportError';
    this.wasNeverSent = wasNeverSent;
  }
}
