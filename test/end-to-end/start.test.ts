import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { anEntry } from './registries.ts';
import { chat, eventually } from './stage.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** What a person at a terminal has: the output so far, and Ctrl-C. */
type Terminal = {
  readonly url: string;
  readonly output: () => string;
  readonly errors: () => string;
  /** Signals every process of the command, as the terminal does; resolves with its exit code. */
  interrupt(): Promise<number | null>;
};

/** Without the wrapper of `tsx`, which does not wait for a busy program to stop by itself. */
const TSX = ['--import', 'tsx'];

async function start(state: string): Promise<Terminal> {
  const port = await freePort();
  const words = [...TSX, 'test/simulator/start.ts', '--port', String(port), '--state', state];
  const child = spawn(process.execPath, words, { cwd: ROOT, detached: true });
  let output = '';
  let errors = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    errors += text;
  });
  await eventually(() => output.includes('Ctrl-C'), 25_000);
  return {
    url: `http://localhost:${port}`,
    output: () => output,
    errors: () => errors,
    interrupt: () => interrupt(child),
  };
}

function interrupt(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  return ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, 'localhost', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

const WRANGLER = join(ROOT, 'node_modules/.bin/wrangler');
const CURL = /\n {2}(curl [\s\S]*?'\n)/;
const ANSWERED = /^HTTP\/1.1 200 OK/;
const SERVED_BY = /^x-router-model: \S+$/m;
const FALLEN_BACK = /first choice is down +openai\/a +1 failed, next of chain +2 /;
const TOO_LARGE = /search 3.9 MB of ids +refused: 422 +window-too-small: 2/;

describe('npm start', () => {
  let state: string;
  let terminal: Terminal;
  beforeAll(async () => {
    state = await mkdtemp(join(tmpdir(), 'pointsman-start-'));
    terminal = await start(state);
  });
  afterAll(() => rm(state, { recursive: true, force: true }));

  it('prints nothing but where it is, the key, and a first curl', () => {
    expect(terminal.errors()).toBe('');
    expect(terminal.output()).toContain(`Pointsman routes on ${terminal.url}\n`);
    expect(terminal.output()).toContain(`Key for this machine: ${DEVELOPMENT_KEY}\n`);
    expect(terminal.output().trim().split('\n').length).toBeLessThan(14);
  });

  it('answers the curl that it prints', async () => {
    const [, command = ''] = CURL.exec(terminal.output()) ?? [];

    const { stdout } = await run('sh', ['-c', command.replace('curl', 'curl --silent')]);

    const [head = '', body = ''] = stdout.split('\r\n\r\n');
    expect(head).toMatch(ANSWERED);
    expect(head).toMatch(SERVED_BY);
    expect(JSON.parse(body).usage.cost).toBeGreaterThan(0);
  });

  it('takes a registry that wrangler puts into KV while it runs', async () => {
    const path = join(state, 'registry.json');
    const document = {
      'openai/a': anEntry('openai', 0.001),
      'google/b': anEntry('google', 0.0001),
    };
    await writeFile(path, JSON.stringify(document));

    const words = ['kv', 'key', 'put', '--binding', 'REGISTRY', 'registry', '--path', path];
    await run(WRANGLER, [...words, '--local', '--persist-to', state], { cwd: ROOT });

    await eventually(async () => (await modelThatAnswers()) === 'google/b');
  });

  it('is what the demo shows', async () => {
    const words = [...TSX, 'test/simulator/demo.ts', '--url', terminal.url];
    const { stdout, stderr } = await run(process.execPath, words, { cwd: ROOT });

    expect(stderr).toBe('');
    expect(stdout).toMatch(FALLEN_BACK);
    expect(stdout).toMatch(TOO_LARGE);
    expect(stdout).toContain('Providers are simulated');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('stops at once with Ctrl-C', async () => {
    const before = Date.now();

    expect(await terminal.interrupt()).toBe(0);

    expect(Date.now() - before).toBeLessThan(3000);
    await expect(fetch(`${terminal.url}/health`)).rejects.toThrow();
    expect(terminal.errors()).toBe('');
  });

  async function modelThatAnswers(): Promise<string | null> {
    const messages = [{ role: 'user', content: 'Hello' }];
    const response = await chat(terminal, { model: 'auto', messages });
    await response.arrayBuffer();
    return response.headers.get('x-router-model');
  }
});
