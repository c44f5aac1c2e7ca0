import type { JsonObject, OfferedTool, Prompt } from './prompt.ts';
import { asList, asObject, asText } from './prompt.ts';

/** What the simulated model says. The same prompt gives the same answer. */
export type Answer = {
  readonly reasoning: string;
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly finish: 'stop' | 'stop-sequence' | 'length' | 'tool-calls' | 'refusal';
  readonly usage: SimulatedUsage;
};

export type ToolCall = { readonly id: string; readonly name: string; readonly args: JsonObject };

export type SimulatedUsage = {
  /** All input tokens, those from the cache included. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  /** Visible output, without reasoning. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
};

const CHARACTERS_PER_TOKEN = 4;
const DIRECTIVE = /\[\[(\w+)(?::\s*([\s\S]*?))?\]\]/g;

/** The simulator's own way of counting: four characters a token. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** Directives in the prompt, e.g. `[[say: hello]]`; the same word may stand several times. */
export function directivesIn(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [, name, value] of text.matchAll(DIRECTIVE)) {
    if (name === undefined) continue;
    found.set(name, [...(found.get(name) ?? []), value?.trim() ?? '']);
  }
  return found;
}

export function answerTo(prompt: Prompt): Answer {
  const directives = directivesIn(prompt.userText);
  const reasoning = reasoningFor(prompt, directives);
  const inputTokens = tokensOf(prompt.characters);
  const base = {
    inputTokens,
    cachedTokens: directives.has('cache') ? Math.floor(inputTokens / 2) : 0,
    reasoningTokens: tokensOf(reasoning.length),
  };
  const calls = callsFor(prompt, directives);
  if (calls.length > 0) {
    const outputTokens = tokensOf(JSON.stringify(calls).length);
    return { reasoning, text: '', calls, finish: 'tool-calls', usage: { ...base, outputTokens } };
  }
  if (directives.has('refuse')) {
    const text = 'I cannot help with that.';
    const outputTokens = tokensOf(text.length);
    return { reasoning, text, calls, finish: 'refusal', usage: { ...base, outputTokens } };
  }
  const { text, finish } = limit(textFor(prompt, directives), prompt);
  return {
    reasoning,
    text,
    calls,
    finish,
    usage: { ...base, outputTokens: tokensOf(text.length) },
  };
}

type Directives = ReadonlyMap<string, readonly string[]>;

function reasoningFor(prompt: Prompt, directives: Directives): string {
  const asked = directives.get('think')?.[0];
  if (asked !== undefined && asked !== '') return asked;
  return prompt.wantsReasoning ? 'The question is short; a plain answer will do.' : '';
}

function textFor(prompt: Prompt, directives: Directives): string {
  const said = directives.get('say')?.[0];
  if (said !== undefined) return said;
  if (prompt.schema !== undefined)
    return JSON.stringify(instanceOf(prompt.schema, prompt.userText));
  const tokens = Number(directives.get('tokens')?.[0]);
  if (tokens > 0) return 'word '.repeat(Math.ceil((tokens * CHARACTERS_PER_TOKEN) / 5)).trim();
  if (prompt.toolResults.length > 0) return `The tools say: ${prompt.toolResults.join(' and ')}.`;
  const seen =
    prompt.attachments.length > 0 ? ` I was given ${prompt.attachments.join(', ')}.` : '';
  const gist = prompt.userText.replace(DIRECTIVE, '').trim().slice(0, 120);
  return `This is ${prompt.model}, simulated. You asked: "${gist}"${seen} Every answer here is made up, but the format is real.`;
}

/** Cuts at a stop sequence and at the token limit, as the services do. */
function limit(text: string, prompt: Prompt): Pick<Answer, 'text' | 'finish'> {
  const stopAt = Math.min(...prompt.stops.map((stop) => placeOf(text, stop)));
  const stopped = stopAt < Infinity;
  const cut = stopped ? text.slice(0, stopAt) : text;
  const { maxTokens } = prompt;
  if (maxTokens !== undefined && tokensOf(cut.length) > maxTokens) {
    return { text: cut.slice(0, maxTokens * CHARACTERS_PER_TOKEN), finish: 'length' };
  }
  return { text: cut, finish: stopped ? 'stop-sequence' : 'stop' };
}

function placeOf(text: string, stop: string): number {
  const place = stop === '' ? -1 : text.indexOf(stop);
  return place < 0 ? Infinity : place;
}

function callsFor(prompt: Prompt, directives: Directives): readonly ToolCall[] {
  if (prompt.tools.length === 0 || prompt.toolChoice === 'none') return [];
  if (prompt.toolResults.length > 0 && prompt.toolChoice === 'auto') return [];
  const wanted = (directives.get('call') ?? []).map(readCall).filter(({ name }) => name !== '');
  const named = wanted.length > 0 ? wanted : chosenTools(prompt);
  const allowed = prompt.allowsParallelCalls ? named : named.slice(0, 1);
  return allowed.map(({ name, args }, place) => ({
    id: `${name}${place + 1}`,
    name,
    args: args ?? instanceOf(schemaOf(prompt.tools, name), prompt.userText),
  }));
}

type WantedCall = { readonly name: string; readonly args?: JsonObject };

/** `get_weather {"city":"Oslo"}`: a name, and arguments if there are any. */
function readCall(text: string): WantedCall {
  const brace = text.indexOf('{');
  if (brace < 0) return { name: text.trim() };
  return { name: text.slice(0, brace).trim(), args: asObject(JSON.parse(text.slice(brace))) };
}

function chosenTools({ toolChoice, tools, userText }: Prompt): readonly WantedCall[] {
  if (typeof toolChoice === 'object') return [{ name: toolChoice.name }];
  const mentioned = tools.filter(({ name }) => userText.includes(name));
  if (mentioned.length > 0) return mentioned.map(({ name }) => ({ name }));
  return toolChoice === 'required' ? tools.slice(0, 1).map(({ name }) => ({ name })) : [];
}

function schemaOf(tools: readonly OfferedTool[], name: string): JsonObject {
  return tools.find((tool) => tool.name === name)?.schema ?? {};
}

/** A small value that fits a JSON schema; free strings are taken from the prompt. */
export function instanceOf(schema: JsonObject, text: string): JsonObject {
  return asObject(exampleOf({ type: 'object', ...schema }, text));
}

function exampleOf(schema: JsonObject, text: string): unknown {
  const choices = asList(schema['enum']);
  if (choices.length > 0) return choices[0];
  if (schema['const'] !== undefined) return schema['const'];
  const variants = [...asList(schema['anyOf']), ...asList(schema['oneOf'])];
  if (variants.length > 0) return exampleOf(asObject(variants[0]), text);
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object': {
      const properties = Object.entries(asObject(schema['properties']));
      return Object.fromEntries(
        properties.map(([key, item]) => [key, exampleOf(asObject(item), text)]),
      );
    }
    case 'array':
      return [exampleOf(asObject(schema['items']), text)];
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return asText(text.match(WORD)?.[0]) || 'text';
  }
}

const WORD = /[\p{L}\p{N}]+/u;
