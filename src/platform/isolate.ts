import { waitUntil } from 'cloudflare:workers';
import type { Background, Clock, Pipe, Random, Telemetry } from '../domain/ports.ts';
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

/** Where this isolate runs. Only requests tell, and all of its requests tell the same. */
export class IsolatePlace {
  #continent: string | undefined;

  note(request: Request): void {
    this.#continent ??= request.cf?.continent as string | undefined; // a two-letter code
  }

  continent(): string | undefined {
    return this.#continent;
  }
}
