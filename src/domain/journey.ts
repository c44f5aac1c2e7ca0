import type { Conversation } from './conversation.ts';
import type { RoutingDecision } from './decision.ts';
import type { Attribution } from './ledger.ts';
import type { AnswerBill, AnswerHead, Caller } from './ports.ts';
import type { Registry } from './registry.ts';
import type { RoutingRequest } from './request.ts';
import type { ModelResponse } from './response.ts';

/** One request on its way through the router. */
export type Journey = {
  readonly requestId: string;
  readonly request: RoutingRequest & { readonly conversation: Conversation };
  readonly caller: Caller;
  readonly attribution: Attribution;
  /** Epoch milliseconds. */
  readonly startedAt: number;
};

/** What the caller gets, and what its headers say of it. */
export type Answer = {
  readonly head: AnswerHead;
  readonly provider: string;
  readonly decision: RoutingDecision;
  /** How many calls it took, the one that answered included. */
  readonly attempts: number;
  /** How many models failed before the one that answered. */
  readonly fallbacks: number;
} & (
  | { readonly type: 'stream'; readonly body: ReadableStream<Uint8Array> }
  | {
      readonly type: 'whole';
      readonly response: ModelResponse;
      readonly bill: AnswerBill;
      /** The provider's own text, where it already is the caller's dialect. */
      readonly nativeBody: string | undefined;
    }
);

/** What was decided, and the registry that it was decided on: its prices hold to the end. */
export type Route = {
  readonly decision: RoutingDecision;
  readonly registry: Registry;
  /** What was decided for the calls of earlier steps, by number. */
  readonly earlier?: ReadonlyMap<number, RoutingDecision>;
};
