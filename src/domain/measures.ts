import type { ModelId } from './model.ts';

/** Measured time to first content, in this isolate. */
export interface Latencies {
  record(model: ModelId, firstContentMs: number): void;
  /** Milliseconds; undefined until enough calls were seen. */
  expected(model: ModelId): number | undefined;
  /** What 95 % of the calls stay below, in milliseconds; undefined until enough calls were seen. */
  p95(model: ModelId): number | undefined;
}

/** Which models' streams lately held events that cannot be read, as this isolate saw it (F56). */
export interface Framing {
  noteBroken(model: ModelId): void;
  /** Whether a stream of this model is to be looked at event by event. */
  isDoubtful(model: ModelId): boolean;
}

/** How the input that providers report compares with our estimates, in this isolate. */
export interface TokenRatios {
  record(model: ModelId, ratio: number): void;
  /** Reported over estimated, 0.7 to 2; 1 while nothing was reported. */
  expected(model: ModelId): number;
}

/** Leave for second tries on one model, so that they stay few. */
export interface Retries {
  /** A first try on the model. */
  note(model: ModelId): void;
  /** False when the model had its share of second tries. */
  take(model: ModelId): boolean;
}
