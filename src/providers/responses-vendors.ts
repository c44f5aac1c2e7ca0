import { RESPONSES } from './parameter-sets.ts';
import type { Vendor } from './vendor.ts';

/** Vendors of the catalog that speak the Responses API beside Chat Completions, as their models need. */
export const RESPONSES_VENDORS: Readonly<Record<string, Vendor>> = {
  'openai-responses': {
    wire: 'openai-responses',
    baseUrl: 'https://api.openai.com/v1',
    secret: 'OPENAI_API_KEY',
    parameters: RESPONSES,
  },
  'deepseek-responses': {
    wire: 'openai-responses',
    baseUrl: 'https://api.deepseek.com',
    secret: 'DEEPSEEK_API_KEY',
    parameters: ['temperature', 'top-p'],
    quirks: { takesNoImageUrls: true, refusedFields: ['include'] },
  },
  'xai-responses': {
    wire: 'openai-responses',
    baseUrl: 'https://api.x.ai/v1',
    secret: 'XAI_API_KEY',
    parameters: ['temperature', 'top-p', 'json-object', 'single-tool-call'],
  },
  'openrouter-responses': {
    wire: 'openai-responses',
    baseUrl: 'https://openrouter.ai/api/v1',
    secret: 'OPENROUTER_API_KEY',
    parameters: RESPONSES,
    // A `[DONE]` of another dialect stands behind each stream.
    quirks: { stream: 'departs', ownFields: ['provider', 'plugins'] },
  },
};
