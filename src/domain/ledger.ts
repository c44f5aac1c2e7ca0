import type { Attempt } from './attempt.ts';
import type { RoutingDecision } from './decision.ts';
import type { NanoUsd } from './money.ts';
import type { Usage } from './response.ts';

/** Whose request it is; from the credential, never from the body. */
export type Attribution = {
  readonly tenant: string;
  /** A public id of the key, never the key. */
  readonly keyId: string;
  /** The caller's own labels, for reports only. */
  readonly tags: readonly string[];
  /** The caller's `user` and `session_id`, as claimed. */
  readonly claimedUser: string | undefined;
  readonly sessionId: string | undefined;
};

/** One attempt in the books: what it used, by report or by estimate, and what that costs. */
export type LedgerLine = {
  readonly attempt: Attempt;
  readonly usage: Usage;
  /** True when any part of `usage` is our estimate, because the provider reported none. */
  readonly usageIsEstimated: boolean;
  /** Undefined when the price is not known. */
  readonly costNanoUsd: NanoUsd | undefined;
};

/**
 * A call that was sent off. It is told to the books beside the call, so that one whose isolate dies
 * is still known; the record of its request closes it.
 */
export type OpenCall = {
  readonly requestId: string;
  readonly attribution: Attribution;
  readonly number: number;
  readonly model: string;
  readonly provider: string;
  readonly startedAt: number;
  /** Behind this instant nobody works on it any more: without a record it is an orphan. */
  readonly closesBy: number;
  /** What it is charged with as an orphan; undefined when the price is not known. */
  readonly estimatedCostNanoUsd: NanoUsd | undefined;
  readonly estimatedInputTokens: number;
};

/** What became of a request that needed tags; who asked stands beside it. Never text. */
export type AuditRecord = {
  readonly tags: readonly string[];
  readonly policy: string;
  readonly registryVersion: string;
  readonly modelsAllowed: readonly string[];
  /** Models that lacked a tag. */
  readonly modelsRefused: readonly string[];
  readonly chosen: string | undefined;
  readonly attempts: readonly {
    readonly number: number;
    readonly model: string;
    readonly provider: string;
    readonly startedAt: number;
    readonly outcome: Attempt['outcome']['type'];
  }[];
};

/** The record of cost: one per request, one line per attempt. */
export type LedgerEntry = {
  readonly requestId: string;
  readonly attribution: Attribution;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly isStream: boolean;
  readonly decision: RoutingDecision;
  readonly lines: readonly LedgerLine[];
  /** The model that answered; undefined when none did. */
  readonly servedModel: string | undefined;
  /** The sum over all attempts; undefined when a price is not known. */
  readonly costNanoUsd: NanoUsd | undefined;
  readonly outcome: 'answered' | 'failed' | 'cancelled';
  readonly errorCode: string | undefined;
  /** Of a regulated request where audit records are kept. */
  readonly audit?: AuditRecord;
};

/** The exact books. Nothing waits for it. */
export interface Ledger {
  /** Tells of a call as it is sent off. A lost one costs no more than its orphan's estimate. */
  open(call: OpenCall): void;
  record(entry: LedgerEntry): void;
  /** The entry of one request of a tenant as JSON text, or undefined when there is none. */
  find(tenant: string, requestId: string): Promise<string | undefined>;
}

/** Cost attribution for analysis: sampled, no receipt. */
export interface CostPoints {
  write(entry: LedgerEntry): void;
}
