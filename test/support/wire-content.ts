import type { Wire } from '../../src/domain/model.ts';
import { asList, asObject, asText, type JsonObject } from '../simulator/prompt.ts';
import { parsed } from './answer-facts.ts';
import { type Content, callOf, canonical } from './conversation-content.ts';

/** The content of a provider's request, read by its own documentation. A new wire adds its reader. */
export function contentOfWire(wire: Wire, body: string): Content {
  const request = asObject(JSON.parse(body));
  switch (wire) {
    case 'openai':
      return contentOfChat(request);
    case 'anthropic':
      return contentOfMessages(request);
    case 'gemini':
      return contentOfGemini(request);
    case 'bedrock':
      return contentOfConverse(request);
    case 'openai-responses':
      return contentOfResponses(request);
  }
}

const DATA_URL = /^data:[^,]*,/;

function contentOfChat(request: JsonObject): Content {
  const messages = asList(request['messages']).map(asObject);
  const isResult = ({ role }: JsonObject): boolean => role === 'tool';
  const parts = messages.filter((message) => !isResult(message)).flatMap(partsOf);
  const calls = messages.flatMap((message) => asList(message['tool_calls']).map(asObject));
  return {
    texts: [
      ...parts.map(({ text }) => asText(text)),
      ...messages.map(({ refusal }) => asText(refusal)),
    ].filter(isGiven),
    media: parts.flatMap(chatMedia).filter(isGiven),
    tools: asList(request['tools']).map((tool) =>
      asText(asObject(asObject(tool)['function'])['name']),
    ),
    calls: calls.map((call) => {
      const { name, arguments: json } = asObject(call['function']);
      return callOf(asText(name), parsed(asText(json)));
    }),
    results: messages.filter(isResult).map(({ content }) => canonical(asText(content))),
    reasoning: messages.flatMap(
      ({ reasoning_content: content, reasoning, reasoning_details: details }) => [
        asText(content),
        asText(reasoning),
        ...asList(details).map((detail) => asText(asObject(detail)['text'])),
      ],
    ),
  };
}

function partsOf({ content }: JsonObject): JsonObject[] {
  return typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : asList(content).map(asObject);
}

function chatMedia({
  image_url: image,
  file,
  input_audio: audio,
  document_url: document,
}: JsonObject) {
  const address = asText(asObject(image)['url']) || asText(asObject(file)['file_data']);
  return [(address || asText(document)).replace(DATA_URL, ''), asText(asObject(audio)['data'])];
}

function contentOfMessages(request: JsonObject): Content {
  const blocks = asList(request['messages']).map(asObject).flatMap(partsOf);
  const results = blocks.filter(({ type }) => type === 'tool_result');
  const inResults = results.map((result) => partsOf(result));
  const texts = [...partsOf({ content: request['system'] }), ...blocks];
  const media = [...blocks, ...inResults.flat()].map(({ source }) => asObject(source));
  return {
    texts: [
      ...texts.map(({ text }) => asText(text)),
      ...media.flatMap(({ type, data }) => (type === 'text' ? [asText(data)] : [])),
    ].filter(isGiven),
    media: media.flatMap(({ data, url }) => [asText(data), asText(url)]).filter(isGiven),
    tools: asList(request['tools']).map((tool) => asText(asObject(tool)['name'])),
    calls: blocks.flatMap(({ type, name, input }) =>
      type === 'tool_use' ? [callOf(asText(name), input)] : [],
    ),
    results: inResults.map((parts) => canonical(parts.map(({ text }) => asText(text)).join(''))),
    reasoning: blocks.map(({ thinking }) => asText(thinking)).filter(isGiven),
  };
}

function contentOfGemini(request: JsonObject): Content {
  const system = asList(asObject(request['systemInstruction'])['parts']).map(asObject);
  const parts = asList(request['contents'])
    .map(asObject)
    .flatMap((turn) => asList(turn['parts']).map(asObject));
  const results = parts.map(({ functionResponse }) => asObject(functionResponse));
  const inResults = results.flatMap(({ parts: inner }) => asList(inner).map(asObject));
  const tools = asList(request['tools']).map(asObject);
  return {
    texts: [...system, ...parts]
      .filter(({ thought }) => thought !== true)
      .map((part) => asText(part['text']) || plainTextIn(part))
      .filter(isGiven),
    media: [...parts, ...inResults]
      .map(({ inlineData, fileData }) =>
        asText(asObject(inlineData)['data'] ?? asObject(fileData)['fileUri']),
      )
      .filter(isGiven),
    tools: tools.flatMap(({ functionDeclarations: declared }) =>
      asList(declared).map((declaration) => asText(asObject(declaration)['name'])),
    ),
    calls: parts.flatMap(({ functionCall }) => {
      const { name, args } = asObject(functionCall);
      return functionCall === undefined ? [] : [callOf(asText(name), args)];
    }),
    results: results
      .filter(({ name }) => name !== undefined)
      .map(({ response }) => textOf(response)),
    reasoning: parts.flatMap(({ thought, text }) => (thought === true ? [asText(text)] : [])),
  };
}

function contentOfConverse(request: JsonObject): Content {
  const system = asList(request['system']).map(asObject);
  const blocks = asList(request['messages'])
    .map(asObject)
    .flatMap((turn) => asList(turn['content']).map(asObject));
  const results = blocks.map(({ toolResult }) => asObject(toolResult));
  const inResults = results.map(({ content }) => asList(content).map(asObject));
  const media = [...blocks, ...inResults.flat()].map(({ image, document, audio }) =>
    asObject(image ?? document ?? audio),
  );
  const isText = ({ format }: JsonObject): boolean => format === 'txt' || format === 'md';
  const bytesOf = ({ source }: JsonObject): string => asText(asObject(source)['bytes']);
  const tools = asList(asObject(request['toolConfig'])['tools']).map(asObject);
  return {
    texts: [
      ...[...system, ...blocks].map(({ text }) => asText(text)),
      ...media.filter(isText).map((one) => Buffer.from(bytesOf(one), 'base64').toString()),
    ].filter(isGiven),
    media: media.map(bytesOf).filter(isGiven),
    tools: tools.map(({ toolSpec }) => asText(asObject(toolSpec)['name'])).filter(isGiven),
    calls: blocks.flatMap(({ toolUse }) => {
      const { name, input } = asObject(toolUse);
      return toolUse === undefined ? [] : [callOf(asText(name), input)];
    }),
    results: inResults.map((parts) => canonical(parts.map(({ text }) => asText(text)).join(''))),
    reasoning: blocks
      .map(({ reasoningContent }) => asObject(asObject(reasoningContent)['reasoningText']))
      .map(({ text }) => asText(text))
      .filter(isGiven),
  };
}

function contentOfResponses(request: JsonObject): Content {
  const items = asList(request['input']).map(asObject);
  const results = items.filter(({ type }) => type === 'function_call_output');
  const inResults = results.map(({ output }) => partsOf({ content: output }));
  const parts = items.flatMap(partsOf);
  return {
    texts: [
      asText(request['instructions']),
      ...parts.flatMap(({ text, refusal }) => [asText(text), asText(refusal)]),
    ].filter(isGiven),
    media: [...parts, ...inResults.flat()]
      .flatMap(({ image_url: image, file_data: data, file_url: address, input_audio: audio }) => [
        asText(image ?? data ?? address).replace(DATA_URL, ''),
        asText(asObject(audio)['data']),
      ])
      .filter(isGiven),
    tools: asList(request['tools']).map((tool) => asText(asObject(tool)['name'])),
    calls: items.flatMap(({ type, name, arguments: json }) =>
      type === 'function_call' ? [callOf(asText(name), parsed(asText(json)))] : [],
    ),
    results: inResults.map((inside) => canonical(inside.map(({ text }) => asText(text)).join(''))),
    reasoning: items
      .flatMap(({ summary }) => asList(summary).map((piece) => asText(asObject(piece)['text'])))
      .filter(isGiven),
  };
}

/** A result is an object there, of its own or wrapped: `{result: text}`, `{error: text}`. */
function textOf(response: unknown): string {
  const { result, error } = asObject(response);
  return canonical(JSON.stringify(response)) + canonical(asText(result ?? error));
}

function plainTextIn({ inlineData }: JsonObject): string {
  const { mimeType, data } = asObject(inlineData);
  return asText(mimeType).startsWith('text/') ? Buffer.from(asText(data), 'base64').toString() : '';
}

function isGiven(text: string): boolean {
  return text !== '';
}
