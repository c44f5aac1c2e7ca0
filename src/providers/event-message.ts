/** One message of an `application/vnd.amazon.eventstream` body; headers of other types are left out. */
export type EventMessage = {
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Uint8Array;
};

/** Why a body cannot be read any further. There is no way to find the next message behind a fault. */
export type FramingFault = 'oversized' | 'corrupt';

export type MessageReading = {
  readonly messages: readonly EventMessage[];
  readonly fault: FramingFault | undefined;
};

/** Reads messages out of pieces of a body, cut anywhere. Nothing may be pushed behind a fault. */
export type MessageReader = { push(piece: Uint8Array): MessageReading };

/** One message larger than this is a fault, not an answer (fault catalogue F40). */
export const MAX_MESSAGE_BYTES = 1_048_576;
const MAX_HEADERS_BYTES = 65_536;

/** Length of the message, length of its headers, and the checksum of both. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/**
 * The binary framing of AWS: prelude, headers, payload, checksum. Both checksums are checked, the
 * prelude's before its lengths are trusted.
 */
export function messageReader(): MessageReader {
  let buffer = new Uint8Array(PRELUDE_BYTES);
  let filled = 0;
  const fill = (piece: Uint8Array): number => {
    const taken = piece.subarray(0, buffer.length - filled);
    buffer.set(taken, filled);
    filled += taken.length;
    return taken.length;
  };
  /** The buffer is full: it holds a prelude, which says how much is to come, or a whole message. */
  const turn = (messages: EventMessage[]): FramingFault | undefined => {
    if (buffer.length === PRELUDE_BYTES) {
      const size = sizeOf(buffer);
      if (typeof size === 'string') return size;
      buffer = grown(buffer, size);
      return undefined;
    }
    const message = messageOf(buffer);
    if (message === undefined) return 'corrupt';
    messages.push(message);
    buffer = new Uint8Array(PRELUDE_BYTES);
    filled = 0;
    return undefined;
  };
  const push = (piece: Uint8Array): MessageReading => {
    const messages: EventMessage[] = [];
    let at = 0;
    while (at < piece.length) {
      at += fill(piece.subarray(at));
      const fault = filled === buffer.length ? turn(messages) : undefined;
      if (fault !== undefined) return { messages, fault };
    }
    return { messages, fault: undefined };
  };
  return { push };
}

/** The length of the whole message, as its prelude has it. */
function sizeOf(prelude: Uint8Array): number | FramingFault {
  const view = viewOf(prelude);
  if (view.getUint32(8) !== crc32(prelude.subarray(0, 8))) return 'corrupt';
  const size = view.getUint32(0);
  const headersSize = view.getUint32(4);
  if (size > MAX_MESSAGE_BYTES || headersSize > MAX_HEADERS_BYTES) return 'oversized';
  return size < PRELUDE_BYTES + headersSize + CHECKSUM_BYTES ? 'corrupt' : size;
}

function grown(prelude: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const buffer = new Uint8Array(size);
  buffer.set(prelude);
  return buffer;
}

function messageOf(bytes: Uint8Array): EventMessage | undefined {
  const view = viewOf(bytes);
  const end = bytes.length - CHECKSUM_BYTES;
  if (view.getUint32(end) !== crc32(bytes.subarray(0, end))) return undefined;
  const headersEnd = PRELUDE_BYTES + view.getUint32(4);
  const headers = headersOf(bytes.subarray(PRELUDE_BYTES, headersEnd));
  return headers && { headers, payload: bytes.subarray(headersEnd, end) };
}

/** Bytes of the header values that have a fixed size: booleans, integers, a timestamp, a UUID. */
const FIXED_SIZES: Readonly<Record<number, number>> = {
  0: 0,
  1: 0,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  8: 8,
  9: 16,
};
const BYTES_TYPE = 6;
const STRING_TYPE = 7;

/** Undefined when a header runs over the end or has a type that does not exist. */
function headersOf(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  const view = viewOf(bytes);
  const text = new TextDecoder();
  const headers = new Map<string, string>();
  let at = 0;
  try {
    while (at < bytes.length) {
      const nameEnd = at + 1 + view.getUint8(at);
      const name = text.decode(bytes.subarray(at + 1, nameEnd));
      const type = view.getUint8(nameEnd);
      const isSized = type === STRING_TYPE || type === BYTES_TYPE;
      const start = nameEnd + (isSized ? 3 : 1);
      const size = isSized ? view.getUint16(nameEnd + 1) : FIXED_SIZES[type];
      if (size === undefined || start + size > bytes.length) return undefined;
      at = start + size;
      if (type === STRING_TYPE) headers.set(name, text.decode(bytes.subarray(start, at)));
    }
  } catch {
    return undefined; // a length that points behind the end
  }
  return headers;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

const POLYNOMIAL = 0xed_b8_83_20;

const CRC_OF_BYTE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  return crc;
});

/** CRC-32 as gzip has it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xff_ff_ff_ff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_OF_BYTE[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}
