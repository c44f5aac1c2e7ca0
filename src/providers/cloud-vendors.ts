import { BASIC, CLAUDE, GEMINI, OPENAI, RESPONSES } from './parameter-sets.ts';
import type { Quirks, Vendor } from './vendor.ts';

const BEDROCK_RUNTIME = 'https://bedrock-runtime.{AWS_REGION}.amazonaws.com';
const BEDROCK_MANTLE = 'https://bedrock-mantle.{AWS_REGION}.api.aws';
/** An API key of Bedrock's, or credentials that sign; see `aws-key.ts`. */
const BEDROCK_KEY = 'AWS_BEARER_TOKEN_BEDROCK';
const ON_BEDROCK: Quirks = { takesNoImageUrls: true, billsInFull: true };

const IN_PROJECT = 'v1/projects/{GOOGLE_CLOUD_PROJECT}/locations';
const VERTEX_GLOBAL = `https://aiplatform.googleapis.com/${IN_PROJECT}/global/publishers`;
const VERTEX_REGION = `https://{GOOGLE_CLOUD_LOCATION}-aiplatform.googleapis.com/${IN_PROJECT}/{GOOGLE_CLOUD_LOCATION}/publishers`;
/** An OAuth access token. Google gives it for an hour, so that whoever sets it must renew it. */
const VERTEX_TOKEN = 'GOOGLE_VERTEX_ACCESS_TOKEN';

const GEMINI_ON_VERTEX: Quirks = { auth: 'bearer' };
const CLAUDE_ON_VERTEX: Quirks = {
  auth: 'bearer',
  path: '/models/{model}:rawPredict',
  streamPath: '/models/{model}:streamRawPredict',
  hasModelInPath: true,
  bodyFields: { anthropic_version: 'vertex-2023-10-16' },
  takesNoImageUrls: true,
};

/**
 * The clouds that host other makers' models: a part of the catalog. What a cloud speaks beside its
 * first wire is an entry of its own, which a model's `wire` selects. The entries without a recording
 * (Bedrock's OpenAI and Messages addresses) follow AWS's documentation as of November 2026.
 */
export const CLOUD_VENDORS: Readonly<Record<string, Vendor>> = {
  azure: {
    wire: 'openai',
    baseUrl: 'https://{AZURE_OPENAI_RESOURCE}.openai.azure.com/openai/v1',
    secret: 'AZURE_OPENAI_API_KEY',
    parameters: OPENAI,
    quirks: { auth: 'api-key' },
    alsoSpeaks: { 'openai-responses': 'azure-responses', anthropic: 'azure-anthropic' },
  },
  'azure-responses': {
    wire: 'openai-responses',
    baseUrl: 'https://{AZURE_OPENAI_RESOURCE}.openai.azure.com/openai/v1',
    secret: 'AZURE_OPENAI_API_KEY',
    parameters: RESPONSES,
    quirks: { auth: 'api-key' },
  },
  'azure-anthropic': {
    wire: 'anthropic',
    baseUrl: 'https://{ANTHROPIC_FOUNDRY_RESOURCE}.services.ai.azure.com/anthropic',
    secret: 'ANTHROPIC_FOUNDRY_API_KEY',
    parameters: CLAUDE,
  },
  /** Bedrock's own wire, Converse, which all of its models speak. */
  bedrock: {
    wire: 'bedrock',
    baseUrl: BEDROCK_RUNTIME,
    secret: BEDROCK_KEY,
    parameters: [...BASIC, 'top-k'],
    quirks: ON_BEDROCK,
    alsoSpeaks: {
      anthropic: 'bedrock-invoke',
      openai: 'bedrock-openai',
      'openai-responses': 'bedrock-responses',
    },
  },
  'bedrock-invoke': {
    wire: 'anthropic',
    baseUrl: BEDROCK_RUNTIME,
    secret: BEDROCK_KEY,
    parameters: CLAUDE,
    quirks: {
      ...ON_BEDROCK,
      auth: 'aws',
      path: '/model/{model}/invoke',
      streamPath: '/model/{model}/invoke-with-response-stream',
      hasModelInPath: true,
      hasStreamInPath: true,
      hasBinaryStream: true,
      stream: 'departs',
      bodyFields: { anthropic_version: 'bedrock-2023-05-31' },
    },
  },
  'bedrock-openai': {
    wire: 'openai',
    baseUrl: `${BEDROCK_RUNTIME}/openai/v1`,
    secret: BEDROCK_KEY,
    parameters: [...BASIC, 'seed', 'json-object'],
    quirks: { ...ON_BEDROCK, auth: 'aws', hasNoDeveloperRole: true },
  },
  'bedrock-responses': {
    wire: 'openai-responses',
    baseUrl: `${BEDROCK_RUNTIME}/openai/v1`,
    secret: BEDROCK_KEY,
    parameters: RESPONSES,
    quirks: { ...ON_BEDROCK, auth: 'aws' },
  },
  'bedrock-mantle': {
    wire: 'openai',
    baseUrl: `${BEDROCK_MANTLE}/v1`,
    secret: BEDROCK_KEY,
    parameters: [...BASIC, 'seed', 'json-object'],
    quirks: { ...ON_BEDROCK, auth: 'aws', hasNoDeveloperRole: true },
    alsoSpeaks: {
      'openai-responses': 'bedrock-mantle-responses',
      anthropic: 'bedrock-mantle-anthropic',
    },
  },
  'bedrock-mantle-responses': {
    wire: 'openai-responses',
    baseUrl: `${BEDROCK_MANTLE}/openai/v1`,
    secret: BEDROCK_KEY,
    parameters: RESPONSES,
    quirks: { ...ON_BEDROCK, auth: 'aws' },
  },
  'bedrock-mantle-anthropic': {
    wire: 'anthropic',
    baseUrl: `${BEDROCK_MANTLE}/anthropic`,
    secret: BEDROCK_KEY,
    parameters: CLAUDE,
    quirks: { ...ON_BEDROCK, auth: 'aws' },
  },
  /** The address for all of the world; `vertex-region` keeps to one region. */
  vertex: {
    wire: 'gemini',
    baseUrl: `${VERTEX_GLOBAL}/google`,
    secret: VERTEX_TOKEN,
    parameters: GEMINI,
    quirks: GEMINI_ON_VERTEX,
    alsoSpeaks: { anthropic: 'vertex-anthropic' },
  },
  'vertex-anthropic': {
    wire: 'anthropic',
    baseUrl: `${VERTEX_GLOBAL}/anthropic`,
    secret: VERTEX_TOKEN,
    parameters: CLAUDE,
    quirks: CLAUDE_ON_VERTEX,
  },
  'vertex-region': {
    wire: 'gemini',
    baseUrl: `${VERTEX_REGION}/google`,
    secret: VERTEX_TOKEN,
    parameters: GEMINI,
    quirks: GEMINI_ON_VERTEX,
    alsoSpeaks: { anthropic: 'vertex-region-anthropic' },
  },
  'vertex-region-anthropic': {
    wire: 'anthropic',
    baseUrl: `${VERTEX_REGION}/anthropic`,
    secret: VERTEX_TOKEN,
    parameters: CLAUDE,
    quirks: CLAUDE_ON_VERTEX,
  },
  /** Vertex with an API key, which does not expire, and without a project. */
  'vertex-express': {
    wire: 'gemini',
    baseUrl: 'https://aiplatform.googleapis.com/v1/publishers/google',
    secret: 'GOOGLE_VERTEX_API_KEY',
    parameters: GEMINI,
  },
};
