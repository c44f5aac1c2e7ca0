import type { CostPoints, LedgerEntry, LedgerLine } from '../domain/ledger.ts';
import { inputTokensOf } from '../domain/response.ts';

/** Analytics Engine takes an index of 96 bytes and blobs of 16 KB together. */
const MAX_INDEX_BYTES = 96;
/** Characters; fifteen blobs of them stay below 16 KB in any script. */
const MAX_BLOB_LENGTH = 256;
const NANO_PER_MICRO = 1000;
/** Grows when a column changes its meaning, so that queries can tell. */
const LAYOUT = '1';

/**
 * Cost attribution to Analytics Engine, one point per attempt. The order of the columns lives here
 * and nowhere else. It samples: totals are estimates, the exact books are the ledger.
 */
export class AnalyticsPoints implements CostPoints {
  readonly #dataset: AnalyticsEngineDataset;

  constructor(dataset: AnalyticsEngineDataset) {
    this.#dataset = dataset;
  }

  write(entry: LedgerEntry): void {
    for (const line of entry.lines) this.#dataset.writeDataPoint(toPoint(entry, line));
  }
}

function toPoint(entry: LedgerEntry, line: LedgerLine): AnalyticsEngineDataPoint {
  return {
    indexes: [firstBytes(entry.attribution.tenant, MAX_INDEX_BYTES)],
    blobs: blobsOf(entry, line).map((blob) => blob.slice(0, MAX_BLOB_LENGTH)),
    doubles: doublesOf(entry, line),
  };
}

/** As much of a text as fits, without half a character at its end. */
function firstBytes(text: string, bytes: number): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(bytes)).read);
}

function blobsOf(entry: LedgerEntry, line: LedgerLine): string[] {
  const { attribution, decision } = entry;
  const { model, provider, outcome } = line.attempt;
  const failure = outcome.type === 'failed' ? outcome.failure : undefined;
  return [
    LAYOUT,
    entry.requestId,
    attribution.keyId,
    model,
    provider,
    decision.policy,
    decision.requirement.task,
    failure?.code ?? outcome.type,
    failure?.kind ?? '',
    entry.isStream ? 'stream' : 'whole',
    line.usageIsEstimated ? 'estimated' : 'reported',
    decision.registryVersion,
    attribution.tags.join(','),
    attribution.sessionId ?? '',
    outcome.type === 'answered' ? 'served' : 'not-served',
  ];
}

function doublesOf(entry: LedgerEntry, { attempt, usage, costNanoUsd }: LedgerLine): number[] {
  return [
    (costNanoUsd ?? 0) / NANO_PER_MICRO,
    costNanoUsd === undefined ? 0 : 1,
    inputTokensOf(usage) ?? 0,
    usage.outputTokens ?? 0,
    usage.cacheReadTokens ?? 0,
    (usage.cacheWriteTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0),
    usage.reasoningTokens ?? 0,
    attempt.firstContentMs ?? 0,
    attempt.durationMs,
    attempt.number,
    attempt.status ?? 0,
    entry.durationMs,
  ];
}
