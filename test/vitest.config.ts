import { defineConfig } from 'vitest/config';

/** `core`: plain Node, no Workers runtime. */
const core = {
  test: {
    name: 'core',
    root: 'test',
    include: ['core/**/*.test.ts', 'eval/**/*.test.ts'],
    setupFiles: ['support/like-workers.ts'],
  },
};

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: { projects: [core] },
});
