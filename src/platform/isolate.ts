import { waitUntil } from 'cloudflare:workers';
import type { ModelId } from '../domain/model.ts';
import type { Background, Clock, Latencies, Pipe, Random, Telemetry } from '../domain/ports.ts';
import type { TelemetryEvent } from '../domain/telemetry.ts';

export const clock: Clock = {
  now: () => Date.now(),
  wait: async (durationMs, signal) => {
    if (signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      const onAbort = (): void => {
        clearTimeout(timer);
        resolve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
};

export const random: Random = {
  ratio: () => Math.random(),
  id: () => crypto.randomUUID().replaceAll('-', ''),
};

/** Work behind the answer; a fault there is logged and never the caller's. */
export const background: Background = {
  run: (work) => waitUntil(work.catch(() => telemetry.emit(BACKGROUND_FAULT))),
};

const BACKGROUND_FAULT: TelemetryEvent = { event: 'platform_fault', part: 'background' };

/** One JSON line per event; the platform's log takes them from there. */
export const telemetry: Telemetry = {
  // biome-ignore lint/suspicious/noConsole: the console is the platform's log
  emit: (event) => console.log(JSON.stringify(event)),
};

/** A pipe through which the runtime moves bytes by itself. */
export function openPipe(): Pipe {
  return new IdentityTransformStream();
}

/** The weight of the newest call; about the last ten count. */
const NEWEST_SHARE = 0.2;
/** Fewer calls say too little. */
const LEAST_CALLS = 5;

/** Time to first content as this isolate measured it, newer calls counting more. */
export class IsolateLatencies implements Latencies {
  readonly #byModel = new Map<ModelId, { readonly calls: number; readonly averageMs: number }>();

  record(model: ModelId, firstContentMs: number): void {
    const known = this.#byModel.get(model);
    const averageMs =
      known === undefined
        ? firstContentMs
        : known.averageMs + (firstContentMs - known.averageMs) * NEWEST_SHARE;
    this.#byModel.set(model, { calls: (known?.calls ?? 0) + 1, averageMs });
  }

  expected(model: ModelId): number | undefined {
    const known = this.#byModel.get(model);
    return known !== undefined && known.calls >= LEAST_CALLS ? known.averageMs : undefined;
  }
}
