import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** The program itself, as `npm run tokens` starts it. */
function runTokens(parameters: readonly string[], input = '') {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'src/cli/tokens.ts', ...parameters],
    { input, encoding: 'utf8', cwd: new URL('../../..', import.meta.url) },
  );
  return { stdout, stderr, status };
}

describe('npm run tokens', () => {
  it('writes estimates to standard output, and how far it came to standard error', () => {
    const { stdout, stderr, status } = runTokens(['-'], '{"id":"a","text":"Hello"}\n');

    expect(JSON.parse(stdout)).toMatchObject({ id: 'a', estimate: { o200k_base: 1 } });
    expect(stderr).toBe('1 texts, 0.0 million characters\n');
    expect(status).toBe(0);
  });

  it.each([
    ['a bad line', ['-'], 'line 1: text: Invalid input: expected string, received number\n'],
    ['a file that is not there', ['no-such-file'], 'ENOENT: no such file or directory'],
    ['no file at all', [], 'npm run --silent tokens -- corpus.jsonl'],
  ])('says what is wrong with %s and exits with 2', (_, parameters, message) => {
    const { stdout, stderr, status } = runTokens(parameters, '{"id":"a","text":5}\n');

    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
