import { BASIC, PENALTIES } from './parameter-sets.ts';
import type { Vendor } from './vendor.ts';

/**
 * Vendors that speak Chat Completions with few departures. Hosts, secret names and parameters are
 * those of their documentation as of November 2026; quirks are those seen in recorded traffic.
 */
export const COMPATIBLE_VENDORS: Readonly<Record<string, Vendor>> = {
  zai: {
    wire: 'openai',
    baseUrl: 'https://api.z.ai/api/paas/v4',
    secret: 'ZAI_API_KEY',
    parameters: ['temperature', 'top-p', 'stop', 'json-object'],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoDeveloperRole: true,
      reasoningField: 'thinking',
      reasoningReturn: 'reasoning_content',
      stream: 'untouched',
      refusedFields: ['store', 'metadata', 'prediction', 'verbosity'],
      ownFields: ['thinking', 'do_sample', 'tool_stream'],
    },
  },
  alibaba: {
    wire: 'openai',
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    secret: 'DASHSCOPE_API_KEY',
    parameters: [
      'temperature',
      'top-p',
      'stop',
      'presence-penalty',
      'top-k',
      'seed',
      'logprobs',
      'several-choices',
      'json-object',
      'single-tool-call',
    ],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoDeveloperRole: true,
      refusedFields: ['store', 'metadata', 'prediction', 'verbosity'],
      ownFields: ['top_k', 'enable_thinking', 'thinking_budget', 'enable_search'],
    },
  },
  venice: {
    wire: 'openai',
    baseUrl: 'https://api.venice.ai/api/v1',
    secret: 'VENICE_API_KEY',
    parameters: [
      'temperature',
      'top-p',
      'stop',
      'frequency-penalty',
      'presence-penalty',
      'top-k',
      'seed',
      'logprobs',
      'several-choices',
      'json-object',
      'single-tool-call',
    ],
    quirks: {
      hasNoDeveloperRole: true,
      stream: 'untouched',
      refusedFields: ['store', 'metadata', 'prediction', 'verbosity'],
      ownFields: ['top_k', 'min_p', 'repetition_penalty', 'venice_parameters'],
    },
  },
  databricks: {
    wire: 'openai',
    baseUrl: 'https://{DATABRICKS_WORKSPACE}.cloud.databricks.com/serving-endpoints',
    secret: 'DATABRICKS_TOKEN',
    parameters: ['temperature', 'top-p', 'stop', 'top-k', 'several-choices', 'json-object'],
    quirks: {
      outputLimitField: 'max_tokens',
      hasNoDeveloperRole: true,
      sendsUsageUnasked: true,
      stream: 'departs',
      refusedFields: ['user', 'store', 'metadata', 'service_tier', 'prediction', 'verbosity'],
      ownFields: ['top_k', 'thinking'],
    },
  },
  /** Without an address of its own: a registry names where it runs. */
  vllm: {
    wire: 'openai',
    baseUrl: 'http://localhost:8000/v1',
    secret: undefined,
    parameters: [
      ...BASIC,
      ...PENALTIES,
      'top-k',
      'seed',
      'logit-bias',
      'logprobs',
      'several-choices',
      'json-object',
      'single-tool-call',
    ],
    quirks: {
      hasNoDeveloperRole: true,
      refusedFields: ['store', 'metadata', 'service_tier', 'prediction', 'verbosity'],
      ownFields: ['top_k', 'min_p', 'repetition_penalty', 'chat_template_kwargs'],
    },
  },
};
