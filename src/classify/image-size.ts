import type { Pixels } from '../domain/input-size.ts';

/** Headers stand at the front; in a photo, metadata of up to this size may come before them. */
const MOST_HEADER_BYTES = 65_536;
/** Enough for every format but a photo with metadata. */
const USUAL_HEADER_BYTES = 512;
const BYTES_PER_GROUP = 3;
const CHARACTERS_PER_GROUP = 4;

/**
 * The size of a PNG, JPEG, WebP or GIF in base64, from its header: only its first bytes are decoded.
 * Undefined for anything else, and for a header that says nothing.
 */
export function imageSizeOf(base64: string): Pixels | undefined {
  const usual = decodeStart(base64, USUAL_HEADER_BYTES);
  if (usual === undefined) return undefined;
  const size = sizeIn(usual);
  if (size !== undefined || !isJpeg(usual)) return size;
  const whole = decodeStart(base64, MOST_HEADER_BYTES);
  return whole && sizeIn(whole);
}

function decodeStart(base64: string, bytes: number): DataView | undefined {
  const characters = Math.ceil(bytes / BYTES_PER_GROUP) * CHARACTERS_PER_GROUP;
  const start = base64.slice(0, characters);
  const whole = start.slice(0, start.length - (start.length % CHARACTERS_PER_GROUP));
  try {
    const binary = atob(whole);
    return new DataView(Uint8Array.from(binary, (byte) => byte.charCodeAt(0)).buffer);
  } catch {
    return undefined;
  }
}

function sizeIn(header: DataView): Pixels | undefined {
  const size = pngSize(header) ?? gifSize(header) ?? webpSize(header) ?? jpegSize(header);
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}

const PNG_START = 0x89_50_4e_47;
const GIF_START = 0x47_49_46_38;
const RIFF = 0x52_49_46_46;
const WEBP = 0x57_45_42_50;

function beginsWith(header: DataView, word: number, bytes: number): boolean {
  return header.byteLength >= bytes && header.getUint32(0) === word;
}

/** The IHDR chunk comes first (ISO/IEC 15948). */
function pngSize(header: DataView): Pixels | undefined {
  if (!beginsWith(header, PNG_START, 24)) return undefined;
  return { width: header.getUint32(16), height: header.getUint32(20) };
}

/** The logical screen (GIF89a, 18). */
function gifSize(header: DataView): Pixels | undefined {
  if (!beginsWith(header, GIF_START, 10)) return undefined;
  return { width: header.getUint16(6, true), height: header.getUint16(8, true) };
}

const LOSSY = 0x56_50_38_20;
const LOSSLESS = 0x56_50_38_4c;
const EXTENDED = 0x56_50_38_58;

/** The first chunk, of one of three kinds (RFC 9649). */
function webpSize(header: DataView): Pixels | undefined {
  if (!beginsWith(header, RIFF, 30) || header.getUint32(8) !== WEBP) return undefined;
  switch (header.getUint32(12)) {
    case LOSSY:
      return {
        width: header.getUint16(26, true) & 0x3f_ff,
        height: header.getUint16(28, true) & 0x3f_ff,
      };
    case LOSSLESS: {
      const bits = header.getUint32(21, true);
      return { width: (bits & 0x3f_ff) + 1, height: ((bits >>> 14) & 0x3f_ff) + 1 };
    }
    case EXTENDED:
      return {
        width: (header.getUint32(24, true) & 0xff_ff_ff) + 1,
        height: (header.getUint32(26, true) >>> 8) + 1,
      };
    default:
      return undefined;
  }
}

const JPEG_START = 0xff_d8;

function isJpeg(header: DataView): boolean {
  return header.byteLength >= 4 && header.getUint16(0) === JPEG_START;
}

/** Segments are passed over up to the frame header, which is one of thirteen kinds (ITU-T T.81). */
function jpegSize(header: DataView): Pixels | undefined {
  if (!isJpeg(header)) return undefined;
  let at = 2;
  while (at + 9 <= header.byteLength) {
    if (header.getUint8(at) !== 0xff) return undefined;
    const marker = header.getUint8(at + 1);
    if (isFrameHeader(marker)) {
      return { width: header.getUint16(at + 7), height: header.getUint16(at + 5) };
    }
    // Fill bytes may stand before a marker.
    at += marker === 0xff ? 1 : 2 + header.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15, but not the tables among them: DHT, JPG and DAC. */
function isFrameHeader(marker: number): boolean {
  const isTable = marker === 0xc4 || marker === 0xc8 || marker === 0xcc;
  return marker >= 0xc0 && marker <= 0xcf && !isTable;
}
