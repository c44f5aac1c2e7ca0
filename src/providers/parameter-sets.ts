import type { Parameter } from '../domain/model.ts';

/** Parameters as whole families of vendors honor them; the entries of the catalog build on these. */
export const BASIC: readonly Parameter[] = ['temperature', 'top-p', 'stop'];
export const PENALTIES: readonly Parameter[] = ['frequency-penalty', 'presence-penalty'];
export const OPENAI: readonly Parameter[] = [
  ...BASIC,
  ...PENALTIES,
  'seed',
  'logit-bias',
  'logprobs',
  'several-choices',
  'json-object',
  'single-tool-call',
  'verbosity',
];
export const RESPONSES: readonly Parameter[] = [
  'temperature',
  'top-p',
  'json-object',
  'single-tool-call',
  'verbosity',
];
export const CLAUDE: readonly Parameter[] = [...BASIC, 'top-k', 'single-tool-call'];
export const GEMINI: readonly Parameter[] = [
  ...BASIC,
  ...PENALTIES,
  'top-k',
  'seed',
  'json-object',
];
