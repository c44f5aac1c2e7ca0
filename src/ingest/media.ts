import type { MediaSource } from '../domain/conversation.ts';
import { RouterError } from '../domain/errors.ts';

const DATA_URL = /^data:([a-z]+\/[a-z0-9.+-]+);base64,/i;
const MAX_URL_LENGTH = 4096;
/** Longer prefixes are no media type. */
const MAX_PREFIX_LENGTH = 128;
const IP_HOST = /^(?:\d+(?:\.\d+){0,3}|0x[0-9a-f]+|\[.*\])$/i;
const INTERNAL_HOST = /(?:^|\.)(?:localhost|local|internal|lan|home|corp|intranet)\.?$/i;

/**
 * An image or a document that came inside the request, or its address. The router never fetches it,
 * but the provider will: addresses of this or any inner network are refused (fault catalogue A20).
 */
export function mediaSource(url: string, field: string): MediaSource {
  const prefix = DATA_URL.exec(url.slice(0, MAX_PREFIX_LENGTH));
  if (prefix !== null) {
    const [whole, mediaType = ''] = prefix;
    return { type: 'base64', mediaType: mediaType.toLowerCase(), data: url.slice(whole.length) };
  }
  if (url.startsWith('data:')) throw refused(field, 'a data URL must be data:<type>;base64,<data>');
  if (url.length > MAX_URL_LENGTH) throw refused(field, 'the address is too long');
  const address = parse(url);
  if (address === undefined) throw refused(field, 'not a URL');
  if (address.protocol !== 'https:') throw refused(field, 'an address must begin with https');
  if (address.username !== '' || address.password !== '') {
    throw refused(field, 'an address must not hold a user name');
  }
  if (isInner(address.hostname))
    throw refused(field, 'an address of an inner network is not taken');
  return { type: 'url', url };
}

function isInner(hostname: string): boolean {
  return IP_HOST.test(hostname) || INTERNAL_HOST.test(hostname) || !hostname.includes('.');
}

function parse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function refused(field: string, message: string): RouterError {
  return new RouterError('invalid_request', `${field}: ${message}`, { field });
}
