import type { AudioPart, FilePart, ImagePart } from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { JsonObject } from '../../domain/json.ts';

/** The formats that Converse names, by media type. */
const IMAGE_FORMATS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/jpg': 'jpeg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

const DOCUMENT_FORMATS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'text/html': 'html',
  'text/plain': 'txt',
  'text/markdown': 'md',
};

/** Media must come inside the request: an address is not fetched. */
export function toWireImage({ source }: ImagePart, warnings: Warning[]): JsonObject[] {
  if (source.type === 'url') return leftOut('an image given by its address', warnings);
  const format = formatOf(IMAGE_FORMATS, source.mediaType);
  if (format === undefined) return leftOut(`an image of type ${source.mediaType}`, warnings);
  return [{ image: { format, source: { bytes: source.data } } }];
}

export function toWireAudio({ data, format }: AudioPart): JsonObject {
  return { audio: { format, source: { bytes: data } } };
}

/** Converts documents of one request, whose names must differ from each other. */
export function documentWriter(warnings: Warning[]): (part: FilePart) => JsonObject[] {
  const taken = new Set<string>();
  return ({ source, filename }) => {
    if (source.type === 'url') return leftOut('a document given by its address', warnings);
    const format = formatOf(DOCUMENT_FORMATS, source.mediaType);
    if (format === undefined) return leftOut(`a document of type ${source.mediaType}`, warnings);
    const name = uniqueName(filename ?? '', taken);
    taken.add(name);
    return [{ document: { format, name, source: { bytes: source.data } } }];
  };
}

function formatOf(formats: Readonly<Record<string, string>>, type: string): string | undefined {
  const name = type.split(';')[0]?.trim().toLowerCase() ?? '';
  return Object.hasOwn(formats, name) ? formats[name] : undefined;
}

const EXTENSION = /\.[a-zA-Z0-9]{1,5}$/;
const NOT_IN_NAMES = /[^a-zA-Z0-9\s\-()[\]]+/g;
const SPACES = /\s+/g;
/** The API takes 200; a number may follow. */
const MAX_NAME_LENGTH = 190;

function uniqueName(filename: string, taken: ReadonlySet<string>): string {
  const plain = filename
    .replace(EXTENSION, '')
    .replace(NOT_IN_NAMES, '-')
    .replace(SPACES, ' ')
    .trim()
    .slice(0, MAX_NAME_LENGTH);
  const name = plain === '' ? 'document' : plain;
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}

function leftOut(what: string, warnings: Warning[]): [] {
  warnings.push({ type: 'unsupported', field: 'messages', message: `${what} was left out` });
  return [];
}
