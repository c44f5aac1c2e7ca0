import type { Extras, FilePart, ImagePart, TextPart } from '../../domain/conversation.ts';
import type { JsonObject } from '../../domain/json.ts';
import { mediaSource } from '../media.ts';
import type { DocumentBlock, ImageBlock, ResultBlock } from './body.ts';

/** What a reading of the body comes upon that other dialects have no words for. */
export type Findings = {
  /** Left out, or put into plain text, where the request is translated. */
  readonly untranslatable: Set<string>;
  /** What the answer depends on, so that only a provider of the dialect will do. */
  readonly indispensable: Set<string>;
};

export type ContentPart = TextPart | ImagePart | FilePart;

/** A block that a user or a tool may send. */
export function toContentParts(
  block: ResultBlock,
  field: string,
  findings: Findings,
): ContentPart[] {
  switch (block.type) {
    case 'text':
      return block.text === '' ? [] : [toText(block)];
    case 'image':
      return toImages(block, field, findings);
    case 'document':
      return toDocument(block, field, findings);
    case 'search_result': {
      findings.untranslatable.add('search_result');
      const { title, source, content } = block;
      return [joined([title, source, ...content.map(({ text }) => text)])];
    }
    case 'tool_reference':
      findings.untranslatable.add('tool_reference');
      return [joined([block.tool_name])];
    case 'other':
      findings.indispensable.add(block.name);
      return [];
  }
}

export function toText(block: { readonly type: string; readonly text: string }): TextPart {
  const { type: _, text, ...own } = block;
  return { type: 'text', text, ...ownExtras(own) };
}

/** Fields beyond those that we read, e.g. marks for the prompt cache: for the dialect's own wire. */
export function ownExtras(fields: Readonly<Record<string, unknown>>): { extras?: Extras } {
  if (Object.keys(fields).length === 0) return {};
  return { extras: { anthropic: fields as JsonObject } }; // it came out of JSON.parse
}

function toImages(block: ImageBlock, field: string, findings: Findings): ImagePart[] {
  const { type: _, source, ...own } = block;
  if (source.type === 'file') {
    findings.indispensable.add('file');
    return [];
  }
  const image =
    source.type === 'url'
      ? mediaSource(source.url, `${field}.source.url`)
      : { type: 'base64' as const, mediaType: source.media_type, data: source.data };
  return [{ type: 'image', source: image, ...ownExtras(own) }];
}

/** Documents that are text already need no model that can read PDFs. */
function toDocument(block: DocumentBlock, field: string, findings: Findings): ContentPart[] {
  const { type: _, source, title, ...own } = block;
  if (block.citations?.enabled === true) findings.untranslatable.add('citations');
  const named = title ? { filename: title } : {};
  switch (source.type) {
    case 'text':
      return [joined([title, block.context, source.data])];
    case 'content':
      return [joined([title, block.context]), ...insideOf(source.content, field, findings)];
    case 'file':
      findings.indispensable.add('file');
      return [];
    case 'base64': {
      const { media_type: mediaType, data } = source;
      const file = { type: 'base64' as const, mediaType, data };
      return [{ type: 'file', source: file, ...named, ...ownExtras(own) }];
    }
    case 'url': {
      const checked = mediaSource(source.url, `${field}.source.url`);
      const file = { ...checked, mediaType: 'application/pdf' };
      return [{ type: 'file', source: file, ...named, ...ownExtras(own) }];
    }
  }
}

type Inside = Extract<DocumentBlock['source'], { readonly type: 'content' }>['content'];

function insideOf(content: Inside, field: string, findings: Findings): ContentPart[] {
  if (typeof content === 'string') return [joined([content])];
  return content.flatMap((block, at) =>
    toContentParts(block, `${field}.source.content.${at}`, findings),
  );
}

function joined(lines: readonly (string | null | undefined)[]): TextPart {
  return { type: 'text', text: lines.filter((line) => line).join('\n\n') };
}
