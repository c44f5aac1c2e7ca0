import { tokensOf } from '../answer.ts';
import { asList, asObject, asText, type JsonObject, type Prompt, type Refusal } from '../prompt.ts';
import { toBase64, vectorsFor } from '../vectors.ts';
import type { SimulatedWire, Telling } from '../wire.ts';
import { geminiWire } from './gemini.ts';
import { openaiWire } from './openai.ts';

/** Vectors as OpenAI gives them. */
export const openaiEmbeddingsWire: SimulatedWire = {
  ...openaiWire,
  read: (body) => {
    const request = asObject(body);
    const inputs = inputsIn(request['input']);
    if (inputs.includes('')) return missing('input');
    return promptFor(asText(request['model']), {
      inputs,
      ...dimensionsIn(request['dimensions'] ?? request['output_dimension']),
      isBase64: request['encoding_format'] === 'base64',
    });
  },
  whole: ({ prompt, id }) => {
    const tokens = tokensOf(prompt.characters);
    return {
      object: 'list',
      id,
      model: prompt.model,
      data: vectorsOf(prompt).map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: prompt.embedding?.isBase64 === true ? toBase64(vector) : vector,
      })),
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    };
  },
  stream: () => [],
};

const MODEL_IN_PATH = /\/models\/([^/:]+):batchEmbedContents$/;

/** Vectors as the Gemini API gives them; it counts no tokens. */
export const geminiEmbeddingsWire: SimulatedWire = {
  ...geminiWire,
  read: (body, url) => {
    const requests = asList(asObject(body)['requests']).map(asObject);
    if (requests.length === 0) return missing('requests');
    const [first = {}] = requests;
    const model = decodeURIComponent(MODEL_IN_PATH.exec(url.pathname)?.[1] ?? '');
    return promptFor(model, {
      inputs: requests.map(textOf),
      ...dimensionsIn(first['outputDimensionality']),
      isBase64: false,
    });
  },
  whole: ({ prompt }) => ({ embeddings: vectorsOf(prompt).map((values) => ({ values })) }),
  stream: () => [],
};

/** One text, several, the tokens of one, or those of several; tokens count as words. */
function inputsIn(input: unknown): string[] {
  if (!Array.isArray(input)) return [asText(input)];
  if (input.every((item) => typeof item === 'number')) return [input.join(' ')];
  return input.map((item) => (typeof item === 'string' ? item : asList(item).join(' ')));
}

function textOf({ content }: JsonObject): string {
  const parts = asList(asObject(content)['parts']).map(asObject);
  return parts.map(({ text }) => asText(text)).join(' ');
}

function dimensionsIn(value: unknown): { readonly dimensions?: number } {
  return typeof value === 'number' ? { dimensions: value } : {};
}

function vectorsOf({ embedding }: Telling['prompt']): number[][] {
  return embedding === undefined ? [] : vectorsFor(embedding);
}

function missing(field: string): Refusal {
  return { kind: 'invalid', message: `Missing required parameter: '${field}'.`, field };
}

function promptFor(model: string, embedding: NonNullable<Prompt['embedding']>): Prompt {
  const userText = embedding.inputs.join(' ');
  return {
    model,
    embedding,
    userText,
    characters: userText.length,
    isStream: false,
    attachments: [],
    tools: [],
    toolChoice: 'none',
    allowsParallelCalls: false,
    toolResults: [],
    schema: undefined,
    maxTokens: undefined,
    stops: [],
    wantsReasoning: false,
    wantsStreamUsage: false,
  };
}
