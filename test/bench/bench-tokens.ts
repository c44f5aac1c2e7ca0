import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { estimateTimes } from './estimate-worker.ts';

/**
 * `npm run bench:tokens`: how long the token estimator takes in workerd and in Node, medians in
 * milliseconds. Only ratios mean something across machines: 1 MB of one character should take no more
 * per byte than text does, and ten times the length ten times as long.
 */

/** Estimates a text so many times, and returns when it is done. */
type Estimate = (text: string, times: number) => Promise<void>;

const ROUNDS = 9;
const WARM_UP_TIMES = 200;

const TEXTS: Readonly<Record<string, string>> = {
  English: filled(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'), 100_000),
  code: filled(sourceOf(new URL('../../src/', import.meta.url)), 100_000),
  JSON: filled(readFileSync(new URL('../../src/registry.json', import.meta.url), 'utf8'), 100_000),
  Chinese: filled('模型路由器为每个请求选择能够胜任的最便宜的模型，并记录每一分钱的去向。', 33_333),
};

const REPEATED: Readonly<Record<string, string>> = {
  a: 'a',
  'a and space': 'a ',
  space: ' ',
  'line end': '\n',
  digit: '7',
  '(': '(',
  'U+4E00': '\u4e00',
  emoji: '\u{1f600}',
  'lone surrogate': '\ud800',
};

async function main(): Promise<void> {
  const worker = await openWorker();
  try {
    await report('workerd', worker.estimate);
  } finally {
    await worker.dispose();
  }
  await report('Node', async (text, times) => {
    estimateTimes(text, times);
  });
}

async function report(runtime: string, estimate: Estimate): Promise<void> {
  print(`${runtime}\n  100 KB of text, four families`);
  const first = Object.keys(TEXTS)[0];
  for (const [name, text] of Object.entries(TEXTS)) {
    const idleMs = await timed(estimate, text, 0);
    const coldMs = name === first ? (await timed(estimate, text, 1)) - idleMs : undefined;
    await estimate(text, WARM_UP_TIMES);
    const cold = coldMs === undefined ? '' : `, first call ${coldMs.toFixed(1)} ms`;
    print(`    ${name.padEnd(16)}${(await medianMs(estimate, text, 50)).toFixed(3)} ms${cold}`);
  }
  print('  one character over and over: 1 MB, and how many times as long as 100 KB');
  for (const [name, piece] of Object.entries(REPEATED)) {
    const small = filled(piece, lengthOf(piece, 100_000));
    const large = filled(piece, lengthOf(piece, 1_000_000));
    await estimate(small, WARM_UP_TIMES / 10);
    const smallMs = await medianMs(estimate, small, 50);
    const largeMs = await medianMs(estimate, large, 5);
    const ratio = (largeMs / smallMs).toFixed(1);
    print(`    ${name.padEnd(16)}${largeMs.toFixed(3)} ms, ${ratio} times`);
  }
}

/** Of one estimate: many in a row, less what a round takes that makes none. */
async function medianMs(estimate: Estimate, text: string, times: number): Promise<number> {
  const durations: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const idleMs = await timed(estimate, text, 0);
    durations.push(((await timed(estimate, text, times)) - idleMs) / times);
  }
  durations.sort((a, b) => a - b);
  return durations[ROUNDS >> 1] ?? 0;
}

async function timed(estimate: Estimate, text: string, times: number): Promise<number> {
  const startedAt = performance.now();
  await estimate(text, times);
  return performance.now() - startedAt;
}

async function openWorker() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('estimate-worker.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  const runtime = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.js', contents: outputFiles[0]?.text ?? '' }],
    compatibilityDate: '2026-04-01',
    cf: false,
  });
  await runtime.ready;
  const estimate: Estimate = async (text, times) => {
    const response = await runtime.dispatchFetch(`http://bench/${times}`, {
      method: 'POST',
      body: text,
    });
    await response.text();
  };
  return { estimate, dispose: () => runtime.dispose() };
}

function filled(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/** In characters, for so many bytes. */
function lengthOf(piece: string, bytes: number): number {
  return Math.floor((bytes * piece.length) / Buffer.byteLength(piece));
}

function sourceOf(folder: URL): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = names.filter((name) => name.endsWith('.ts')).sort();
  return sources.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
