import type { TestProject } from 'vitest/node';
import { listen } from '../simulator/listen.ts';
import { createSimulator } from '../simulator/simulator.ts';

declare module 'vitest' {
  interface ProvidedContext {
    simulatorUrl: string;
  }
}

/** Plays the providers for the tests inside the Workers runtime; they cannot listen themselves. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const simulator = await listen(createSimulator({ firstMs: 1, gapMs: 0, keepsBodies: true }));
  project.provide('simulatorUrl', simulator.url);
  return () => simulator.close();
}
