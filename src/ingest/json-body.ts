import { RouterError } from '../domain/errors.ts';
import { type JsonText, readJsonText } from '../domain/json-text.ts';

/** With images, documents or audio inside. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** Text alone: about a million tokens. */
export const MAX_TEXT_BYTES = 4 * 1024 * 1024;

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * Reads a request's body as a JSON object. @throws RouterError `unsupported_media_type`,
 * `request_too_large` or `invalid_json`, before anything else is done.
 */
export async function readJsonBody(request: Request): Promise<JsonText> {
  const type = request.headers.get('content-type') ?? '';
  if (!JSON_TYPE.test(type)) {
    const message = `content-type must be application/json, not "${type.slice(0, 100)}"`;
    throw new RouterError('unsupported_media_type', message);
  }
  if (request.headers.has('content-encoding')) {
    const message = 'compressed request bodies are not taken: leave out content-encoding';
    throw new RouterError('unsupported_media_type', message);
  }
  const json = readJsonText(decode(await readBytes(request.body)));
  if ('message' in json) {
    throw new RouterError('invalid_json', `${json.message} (at character ${json.offset})`);
  }
  return json;
}

/** Counts what really arrives: a length in a header is only a claim (fault catalogue A03). */
async function readBytes(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (body !== null) {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BODY_BYTES) throw tooLarge(MAX_BODY_BYTES);
      chunks.push(chunk);
    }
  }
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

export function tooLarge(limitBytes: number): RouterError {
  return new RouterError('request_too_large', `the body is larger than ${limitBytes} bytes`);
}

/** Invalid UTF-8 and a byte order mark are faults of the caller, not characters (A06). */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RouterError('invalid_json', 'the body is not valid UTF-8');
  }
}
