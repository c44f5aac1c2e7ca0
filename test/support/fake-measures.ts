import type { Framing, Latencies, Retries, TokenRatios } from '../../src/domain/measures.ts';
import type { ModelId } from '../../src/domain/model.ts';

export class FakeLatencies implements Latencies {
  readonly recorded: { readonly model: string; readonly firstContentMs: number }[] = [];
  record(model: ModelId, firstContentMs: number): void {
    this.recorded.push({ model, firstContentMs });
  }
  usualMs: number | undefined;
  expected(): number | undefined {
    return this.usualMs;
  }
  p95(): number | undefined {
    return this.usualMs && this.usualMs * 2;
  }
}

export class FakeTokenRatios implements TokenRatios {
  readonly recorded: { readonly model: string; readonly ratio: number }[] = [];
  ratio = 1;
  record(model: ModelId, ratio: number): void {
    this.recorded.push({ model, ratio });
  }
  expected(): number {
    return this.ratio;
  }
}

export class FakeFraming implements Framing {
  readonly doubtful = new Set<string>();
  noteBroken(model: ModelId): void {
    this.doubtful.add(model);
  }
  isDoubtful(model: ModelId): boolean {
    return this.doubtful.has(model);
  }
}

/** Second tries without end, unless a test allows fewer. */
export class FakeRetries implements Retries {
  left = Infinity;
  readonly noted: string[] = [];
  note(model: ModelId): void {
    this.noted.push(model);
  }
  take(): boolean {
    this.left -= 1;
    return this.left >= 0;
  }
}
