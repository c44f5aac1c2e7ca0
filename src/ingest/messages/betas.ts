import type { Warning } from '../../domain/dialect.ts';

/**
 * Previews that change the shape of requests and answers alone. Those that reach further (files of the
 * account, code, other servers, other models at other prices) are the owner's to allow, not a caller's.
 */
const PASSED = [
  'cache-diagnosis',
  'claude-code',
  'compact',
  'computer-use',
  'context-management',
  'effort',
  'extended-cache-ttl',
  'fine-grained-tool-streaming',
  'interleaved-thinking',
  'max-tokens-3-5-sonnet',
  'mid-conversation-output-config',
  'mid-conversation-system-clear-at',
  'mid-conversation-tool-changes',
  'model-context-window-exceeded',
  'output-128k',
  'output-300k',
  'pdfs',
  'prompt-caching',
  'prompt-caching-scope',
  'structured-outputs',
  'task-budgets',
  'thinking-binding-controls',
  'thinking-display-updates',
  'thinking-token-count',
  'token-counting',
  'token-efficient-tools',
  'tools',
  'web-fetch',
];
const DATED = /^([a-z0-9-]{1,64})-\d{4}-?\d{2}-?\d{2}$/;
const MAX_BETAS = 32;

type Betas = { readonly betas: readonly string[]; readonly warnings: readonly Warning[] };

/** The previews that a caller asks for in the header `anthropic-beta`, and those that are not passed on. */
export function readBetas(headers: Headers): Betas {
  const asked = (headers.get('anthropic-beta') ?? '').split(',').map((name) => name.trim());
  const named = [...new Set(asked)].filter((name) => name !== '').slice(0, MAX_BETAS);
  const betas = named.filter((name) => PASSED.includes(DATED.exec(name)?.[1] ?? ''));
  const warnings = named
    .filter((name) => !betas.includes(name))
    .map((name): Warning => {
      const message = `the preview ${name.slice(0, 64)} was not passed on`;
      return { type: 'unsupported', field: 'anthropic-beta', message };
    });
  return { betas, warnings };
}
