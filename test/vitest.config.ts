import { fileURLToPath } from 'node:url';
import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';
import { DEVELOPMENT_KEY, simulatedSecrets } from './simulator/development.ts';

process.env['WRANGLER_SEND_METRICS'] = 'false';
process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false';
process.env['CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV'] = 'false';

/** `core`: plain Node, no Workers runtime. */
const core = {
  test: {
    name: 'core',
    root: 'test',
    include: ['core/**/*.test.ts', 'eval/**/*.test.ts', 'chaos/**/*.test.ts'],
    setupFiles: ['support/like-workers.ts'],
    // The core keeps nothing at module level, so files need no process of their own: four times as fast.
    isolate: false,
    // Splitting a stream at every byte takes its time on a loaded machine.
    testTimeout: 60_000,
  },
};

/** `worker`: the tests run inside the Workers runtime, beside the Worker and its objects. */
const worker = {
  plugins: [
    cloudflareTest(({ inject }) => ({
      main: '../src/index.ts',
      wrangler: { configPath: fileURLToPath(new URL('../wrangler.toml', import.meta.url)) },
      miniflare: {
        bindings: {
          ...simulatedSecrets(),
          ROUTER_KEY: `${DEVELOPMENT_KEY},second-key`,
          ALLOWED_ORIGINS: 'https://app.example, https://www.app.example',
          SIMULATOR_URL: inject('simulatorUrl'),
          REGISTRY_REFRESH_SECONDS: '0.1',
        },
      },
    })),
  ],
  test: {
    name: 'worker',
    root: 'test',
    include: ['worker/**/*.test.ts'],
    globalSetup: ['support/provide-simulator.ts'],
    setupFiles: ['worker/warm-up.ts'],
    testTimeout: 20_000,
    // One isolate for all files: they share one simulator, and the Worker is loaded once.
    fileParallelism: false,
    isolate: false,
    sequence: { groupOrder: 1 },
  },
};

/** `end-to-end`: plain Node as the client of a Worker that runs by itself, over real connections. */
const endToEnd = {
  test: {
    name: 'end-to-end',
    root: 'test',
    include: ['end-to-end/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // One after another: limits in time are part of what is tested. wrangler is loaded once.
    fileParallelism: false,
    isolate: false,
    sequence: { groupOrder: 2 },
  },
};

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    projects: [core, worker, endToEnd],
    // The Worker logs its events: they are of interest where a test has failed.
    silent: 'passed-only',
  },
});
