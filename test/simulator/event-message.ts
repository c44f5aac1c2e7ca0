import { crc32 } from 'node:zlib';

/** A header value: text, or the bytes of a value of another type with the number of its type. */
export type HeaderValue = string | { readonly type: number; readonly bytes: Uint8Array };

export type Headers = Readonly<Record<string, HeaderValue>>;

/** One message of AWS's binary event stream, as the service writes it. */
export function encodeMessage(headers: Headers, payload: Uint8Array): Uint8Array {
  return framed(Buffer.concat(Object.entries(headers).map(encodeHeader)), payload);
}

function framed(headers: Uint8Array, payload: Uint8Array): Uint8Array {
  const size = 16 + headers.length + payload.length;
  const prelude = Buffer.concat([uint32(size), uint32(headers.length)]);
  const body = Buffer.concat([prelude, uint32(crc32(prelude)), headers, payload]);
  return new Uint8Array(Buffer.concat([body, uint32(crc32(body))]));
}

/** A message with an event, as JSON. */
export function encodeEvent(type: string, body: unknown): Uint8Array {
  const headers = {
    ':event-type': type,
    ':content-type': 'application/json',
    ':message-type': 'event',
  };
  return encodeMessage(headers, Buffer.from(JSON.stringify(body)));
}

/** A message with an exception inside the stream. */
export function encodeException(type: string, body: unknown): Uint8Array {
  const headers = {
    ':exception-type': type,
    ':content-type': 'application/json',
    ':message-type': 'exception',
  };
  return encodeMessage(headers, Buffer.from(JSON.stringify(body)));
}

/** The message with another text as its payload; its headers stay. */
export function editMessage(message: Uint8Array, change: (text: string) => string): Uint8Array {
  const bytes = Buffer.from(message);
  const headersEnd = 12 + bytes.readUInt32BE(4);
  const payload = Buffer.from(change(bytes.toString('utf8', headersEnd, bytes.length - 4)));
  return framed(bytes.subarray(12, headersEnd), payload);
}

const STRING_TYPE = 7;
/** Types whose values say how long they are. */
const SIZED_TYPES = new Set([6, STRING_TYPE]);

function encodeHeader([name, value]: readonly [string, HeaderValue]): Buffer {
  const { type, bytes } =
    typeof value === 'string' ? { type: STRING_TYPE, bytes: Buffer.from(value) } : value;
  const encodedName = Buffer.from(name);
  const size = SIZED_TYPES.has(type) ? uint16(bytes.length) : Buffer.alloc(0);
  return Buffer.concat([
    Buffer.of(encodedName.length),
    encodedName,
    Buffer.of(type),
    size,
    Buffer.from(bytes),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
