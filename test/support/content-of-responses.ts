import { asList, asObject, asText, type JsonObject } from '../simulator/prompt.ts';
import { parsed } from './answer-facts.ts';
import { type Content, callOf, canonical } from './conversation-content.ts';

const DATA_URL = /^data:[^,]*,/;

/** The content of a Responses request, read from its raw JSON by the API's documentation. */
export function contentOfResponses(body: unknown): Content {
  const request = asObject(body);
  const { input } = request;
  const items = Array.isArray(input) ? input.map(asObject) : [{ role: 'user', content: input }];
  const messages = items.filter(({ role, type }) => role !== undefined && type !== ADDED_TOOLS);
  const results = items.filter(({ type }) => type === 'function_call_output');
  const parts = messages.flatMap(({ content }) => partsIn(content));
  const inResults = results.map(({ output }) => partsIn(output));
  return {
    texts: [asText(request['instructions']), ...parts.flatMap(wordsIn)].filter(isGiven),
    media: [...parts, ...inResults.flat()].map(mediaIn).filter(isGiven),
    tools: asList(request['tools'])
      .map(asObject)
      .flatMap(({ type, name }) => (type === 'function' ? [asText(name)] : [])),
    calls: items.flatMap(({ type, name, arguments: json }) =>
      type === 'function_call' ? [callOf(asText(name), parsed(asText(json)))] : [],
    ),
    results: inResults.map((inner) => canonical(inner.flatMap(wordsIn).join(''))),
    reasoning: items.flatMap(reasoningIn).filter(isGiven),
  };
}

const ADDED_TOOLS = 'additional_tools';

function partsIn(content: unknown): JsonObject[] {
  return typeof content === 'string'
    ? [{ type: 'input_text', text: content }]
    : asList(content).map(asObject);
}

function wordsIn({ text, refusal }: JsonObject): string[] {
  return [asText(text), asText(refusal)].filter(isGiven);
}

function mediaIn({ image_url: image, file_data: data, file_url: url }: JsonObject): string {
  return (asText(image) || asText(data) || asText(url)).replace(DATA_URL, '');
}

function reasoningIn({ type, summary, content }: JsonObject): string[] {
  if (type !== 'reasoning') return [];
  const words = asList(content).length > 0 ? content : summary;
  return [
    asList(words)
      .map((part) => asText(asObject(part)['text']))
      .join('\n\n'),
  ];
}

function isGiven(text: string): boolean {
  return text !== '';
}
