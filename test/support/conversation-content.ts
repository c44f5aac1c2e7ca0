import type {
  AssistantPart,
  Conversation,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
  ToolResultPart,
  UserPart,
} from '../../src/domain/conversation.ts';
import { textOfFile } from '../../src/providers/text-file.ts';
import { parsed } from './answer-facts.ts';

/** Everything in a request that must not be lost on the way to a provider, in any dialect. */
export type Content = {
  readonly texts: readonly string[];
  /** Base64 data or addresses of images, documents and sound. */
  readonly media: readonly string[];
  /** Names of the tools that are offered. */
  readonly tools: readonly string[];
  /** `name {arguments}`, with the arguments' names in order. */
  readonly calls: readonly string[];
  readonly results: readonly string[];
  readonly reasoning: readonly string[];
};

/** The content of a conversation. */
export function contentOfConversation({ messages, tools }: Conversation): Content {
  const parts = messages.flatMap((message): Message['content'][number][] => [...message.content]);
  const results = parts.filter((part) => part.type === 'tool-result');
  return {
    texts: parts.flatMap(textsIn),
    media: [...parts, ...results.flatMap(({ content }) => content)].flatMap(mediaIn),
    tools: tools.map(({ name }) => name),
    calls: parts.flatMap((part) =>
      part.type === 'tool-call' ? [callOf(part.name, parsed(part.arguments))] : [],
    ),
    results: results.map((result) => canonical(textOfResult(result))),
    reasoning: parts
      .flatMap((part) => (part.type === 'reasoning' ? [part.text] : []))
      .filter((text) => text !== ''),
  };
}

type AnyPart = UserPart | AssistantPart | ToolResultPart | FilePart | ImagePart;

function textsIn(part: AnyPart): string[] {
  if (part.type === 'file') return [textOfFile(part.source) ?? ''].filter((text) => text !== '');
  return (part.type === 'text' || part.type === 'refusal') && part.text !== '' ? [part.text] : [];
}

function mediaIn(part: AnyPart): string[] {
  if (part.type === 'audio') return [part.data];
  if (part.type !== 'image' && part.type !== 'file') return [];
  return textOfFile(part.source) === undefined ? [dataOf(part.source)] : [];
}

function dataOf(source: MediaSource): string {
  return source.type === 'url' ? source.url : source.data;
}

function textOfResult({ content }: ToolResultPart): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** One call as text; arguments that are no JSON object count as none. */
export function callOf(name: string, args: unknown): string {
  const isObject = typeof args === 'object' && args !== null && !Array.isArray(args);
  return `${name} ${JSON.stringify(isObject ? sorted(args) : {})}`;
}

/** JSON in one spelling; any other text as it is. */
export function canonical(text: string): string {
  const value = parsed(text);
  return typeof value === 'object' && value !== null ? JSON.stringify(sorted(value)) : text;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}

/** What of the content is not there any more, one line each. */
export function lossesBetween(before: Content, after: Content): readonly string[] {
  return [
    ...missing('text', before.texts, after.texts),
    ...missing('media', before.media, after.media),
    ...missing('tool', before.tools, after.tools),
    ...missing('call', before.calls, after.calls),
    ...missing('result', before.results, after.results),
    ...missing('reasoning', before.reasoning, after.reasoning),
  ];
}

/** Each piece takes its own like with it; joined with others it may stand inside one. */
function missing(kind: string, before: readonly string[], after: readonly string[]): string[] {
  const left = [...after];
  const unmatched = before.filter((piece) => {
    const at = left.indexOf(piece);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return unmatched
    .filter((piece) => !left.some((whole) => whole.includes(piece)))
    .map((piece) => `${kind}: ${piece.slice(0, 80)}`);
}
