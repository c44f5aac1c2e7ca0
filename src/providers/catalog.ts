import type { Parameter } from '../domain/model.ts';
import type { Vendor } from './vendor.ts';

const BASIC: readonly Parameter[] = ['temperature', 'top-p', 'stop'];
const PENALTIES: readonly Parameter[] = ['frequency-penalty', 'presence-penalty'];
const OPENAI: readonly Parameter[] = [
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
const CLAUDE: readonly Parameter[] = [...BASIC, 'top-k', 'single-tool-call'];
const GEMINI: readonly Parameter[] = [...BASIC, ...PENALTIES, 'top-k', 'seed', 'json-object'];

/**
 * The well-known providers. Hosts, secret names and parameters are those of their documentation as of
 * November 2026; quirks are those seen in recorded traffic. A new vendor of an existing wire is one
 * entry here.
 */
export const VENDORS: Readonly<Record<string, Vendor>> = {
  openai: {
    wire: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    secret: 'OPENAI_API_KEY',
    parameters: OPENAI,
  },
  azure: {
    wire: 'openai',
    baseUrl: 'https://{AZURE_OPENAI_RESOURCE}.openai.azure.com/openai/v1',
    secret: 'AZURE_OPENAI_API_KEY',
    parameters: OPENAI,
    quirks: { auth: 'api-key' },
  },
  anthropic: {
    wire: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    secret: 'ANTHROPIC_API_KEY',
    parameters: CLAUDE,
  },
  google: {
    wire: 'gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    secret: 'GEMINI_API_KEY',
    parameters: GEMINI,
    quirks: { takesNoImageUrls: true },
  },
  mistral: {
    wire: 'openai',
    baseUrl: 'https://api.mistral.ai/v1',
    secret: 'MISTRAL_API_KEY',
    parameters: [
      ...BASIC,
      ...PENALTIES,
      'seed',
      'several-choices',
      'json-object',
      'single-tool-call',
    ],
    quirks: {
      outputLimitField: 'max_tokens',
      seedField: 'random_seed',
      requiredToolChoice: 'any',
      hasNoDeveloperRole: true,
      sendsUsageUnasked: true,
      hasShortToolIds: true,
      stream: 'departs',
      refusedFields: ['user', 'store', 'metadata', 'service_tier', 'stream_options', 'prediction'],
      ownFields: ['safe_prompt', 'prompt_mode', 'reasoning_effort'],
    },
  },
  groq: {
    wire: 'openai',
    baseUrl: 'https://api.groq.com/openai/v1',
    secret: 'GROQ_API_KEY',
    parameters: [...BASIC, 'seed', 'json-object', 'single-tool-call'],
    quirks: {
      hasNoDeveloperRole: true,
      refusedFields: ['store', 'prediction', 'verbosity'],
      ownFields: ['reasoning_format', 'include_reasoning', 'search_settings'],
    },
  },
  deepseek: {
    wire: 'openai',
    baseUrl: 'https://api.deepseek.com/v1',
    secret: 'DEEPSEEK_API_KEY',
    parameters: [...BASIC, ...PENALTIES, 'logprobs', 'json-object'],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoDeveloperRole: true,
      sendsUsageUnasked: true,
      stream: 'untouched',
      refusedFields: ['store', 'metadata', 'prediction', 'stream_options'],
      ownFields: ['thinking'],
    },
  },
  xai: {
    wire: 'openai',
    baseUrl: 'https://api.x.ai/v1',
    secret: 'XAI_API_KEY',
    parameters: [
      ...BASIC,
      ...PENALTIES,
      'seed',
      'logprobs',
      'several-choices',
      'json-object',
      'single-tool-call',
    ],
    quirks: {
      hasNoDeveloperRole: true,
      reasoningIsOutsideOutput: true,
      stream: 'departs',
      refusedFields: ['store', 'metadata', 'prediction', 'verbosity'],
      ownFields: ['search_parameters'],
    },
  },
  cohere: {
    wire: 'openai',
    baseUrl: 'https://api.cohere.ai/compatibility/v1',
    secret: 'COHERE_API_KEY',
    parameters: [...BASIC, ...PENALTIES, 'seed', 'json-object'],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoNamedToolChoice: true,
      refusedFields: ['user', 'store', 'metadata', 'service_tier', 'prediction', 'verbosity'],
    },
  },
  together: {
    wire: 'openai',
    baseUrl: 'https://api.together.xyz/v1',
    secret: 'TOGETHER_API_KEY',
    parameters: [
      ...BASIC,
      ...PENALTIES,
      'top-k',
      'seed',
      'logit-bias',
      'logprobs',
      'several-choices',
      'json-object',
    ],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoDeveloperRole: true,
      stream: 'departs',
      refusedFields: ['user', 'store', 'metadata', 'service_tier', 'prediction', 'verbosity'],
      ownFields: ['top_k', 'repetition_penalty', 'min_p'],
    },
  },
  fireworks: {
    wire: 'openai',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    secret: 'FIREWORKS_API_KEY',
    parameters: [
      ...BASIC,
      ...PENALTIES,
      'top-k',
      'seed',
      'logprobs',
      'several-choices',
      'json-object',
    ],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoDeveloperRole: true,
      refusedFields: ['store', 'metadata', 'prediction', 'verbosity'],
      ownFields: ['top_k', 'min_p', 'context_length_exceeded_behavior'],
    },
  },
  openrouter: {
    wire: 'openai',
    baseUrl: 'https://openrouter.ai/api/v1',
    secret: 'OPENROUTER_API_KEY',
    parameters: [...OPENAI, 'top-k'],
    quirks: {
      outputLimitField: 'max_tokens',
      stream: 'departs',
      refusedFields: ['store'],
      ownFields: ['reasoning', 'include_reasoning', 'transforms', 'top_k', 'plugins'],
    },
  },
  cerebras: {
    wire: 'openai',
    baseUrl: 'https://api.cerebras.ai/v1',
    secret: 'CEREBRAS_API_KEY',
    parameters: [...BASIC, 'seed', 'logprobs', 'json-object', 'single-tool-call'],
    quirks: {
      hasNoDeveloperRole: true,
      sendsUsageUnasked: true,
      stream: 'departs',
      refusedFields: ['store', 'metadata', 'prediction', 'verbosity', 'stream_options'],
    },
  },
  perplexity: {
    wire: 'openai',
    baseUrl: 'https://api.perplexity.ai',
    secret: 'PERPLEXITY_API_KEY',
    parameters: ['temperature', 'top-p', 'top-k', ...PENALTIES],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoDeveloperRole: true,
      sendsUsageUnasked: true,
      stream: 'departs',
      refusedFields: [
        'user',
        'store',
        'metadata',
        'service_tier',
        'prediction',
        'verbosity',
        'stream_options',
      ],
      ownFields: ['search_domain_filter', 'search_recency_filter', 'web_search_options', 'top_k'],
    },
  },
  cloudflare: {
    wire: 'openai',
    baseUrl: 'https://api.cloudflare.com/client/v4/accounts/{CLOUDFLARE_ACCOUNT_ID}/ai/v1',
    secret: 'CLOUDFLARE_AI_TOKEN',
    parameters: [...BASIC, ...PENALTIES, 'top-k', 'seed', 'json-object'],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoDeveloperRole: true,
      sendsUsageUnasked: true,
      stream: 'departs',
      refusedFields: [
        'user',
        'store',
        'metadata',
        'service_tier',
        'prediction',
        'verbosity',
        'stream_options',
      ],
      ownFields: ['top_k', 'repetition_penalty'],
    },
  },
  huggingface: {
    wire: 'openai',
    baseUrl: 'https://router.huggingface.co/v1',
    secret: 'HF_TOKEN',
    parameters: [...BASIC, ...PENALTIES, 'seed', 'logprobs', 'json-object'],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoDeveloperRole: true,
      stream: 'departs',
      refusedFields: ['store', 'metadata', 'prediction', 'verbosity'],
    },
  },
  ollama: {
    wire: 'openai',
    baseUrl: 'http://localhost:11434/v1',
    secret: undefined,
    parameters: [...BASIC, ...PENALTIES, 'seed', 'json-object'],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoDeveloperRole: true,
      refusedFields: ['user', 'store', 'metadata', 'service_tier', 'prediction', 'verbosity'],
    },
  },
};
