import type {
  AssistantPart,
  FilePart,
  ImagePart,
  MediaSource,
  TextPart,
} from '../../domain/conversation.ts';
import { RouterError } from '../../domain/errors.ts';
import { mediaSource } from '../media.ts';
import type { Findings } from './findings.ts';
import type { InputPartBody, OutputPartBody } from './item-body.ts';

type Part<Type> = Extract<InputPartBody, { readonly type: Type }>;
export type ContentPart = TextPart | ImagePart | FilePart;

/** What a user says, or a tool brings back. */
export function toContentParts(
  content: string | readonly InputPartBody[],
  field: string,
  findings: Findings,
): ContentPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.flatMap((part, at) => toContentPart(part, `${field}.${at}`, findings));
}

function toContentPart(part: InputPartBody, field: string, findings: Findings): ContentPart[] {
  switch (part.type) {
    case 'input_text':
      return [{ type: 'text', text: part.text }];
    case 'input_image':
      return toImage(part, field, findings);
    case 'input_file':
      return toFile(part, field, findings);
  }
}

function toImage(part: Part<'input_image'>, field: string, findings: Findings): ImagePart[] {
  const { image_url: url, file_id: uploaded, detail } = part;
  if (uploaded) return upload(findings);
  if (!url) throw empty(field, 'image_url');
  const source = mediaSource(url, `${field}.image_url`);
  return [{ type: 'image', source, ...(detail && { detail: DETAILS[detail] }) }];
}

const DETAILS = { auto: 'auto', low: 'low', high: 'high', original: 'high' } as const;

function toFile(part: Part<'input_file'>, field: string, findings: Findings): FilePart[] {
  const { file_data: data, file_url: url, file_id: uploaded, filename } = part;
  if (uploaded) return upload(findings);
  const source = fileSource(data, url, field);
  return [{ type: 'file', source, ...(filename && { filename }) }];
}

function fileSource(
  data: string | null | undefined,
  url: string | null | undefined,
  field: string,
): MediaSource {
  if (data) return mediaSource(data, `${field}.file_data`);
  if (url) return mediaSource(url, `${field}.file_url`);
  throw empty(field, 'file_data or file_url');
}

/** Uploads belong to an account of one provider. */
function upload({ indispensable }: Findings): [] {
  indispensable.add('file_id');
  return [];
}

function empty(field: string, needed: string): RouterError {
  return new RouterError('invalid_request', `${field}: needs ${needed}`, { field });
}

/** What a model has said; a text of no words says nothing. */
export function toSaid(content: string | readonly OutputPartBody[]): AssistantPart[] {
  const parts =
    typeof content === 'string' ? [{ type: 'output_text' as const, text: content }] : content;
  return parts.flatMap((part): AssistantPart[] => {
    if (part.type === 'refusal') return [{ type: 'refusal', text: part.refusal }];
    return part.text === '' ? [] : [{ type: 'text', text: part.text }];
  });
}
