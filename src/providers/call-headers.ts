import type { ModelCall } from '../domain/ports.ts';
import { isAwsCredentials } from './aws-key.ts';
import { quirksOf } from './resolve-provider.ts';
import type { AuthScheme, Quirks } from './vendor.ts';

/**
 * The headers of a call: ours and the provider's own, nothing of the caller's (fault catalogue A16).
 * `scheme` is the wire's way to take a key, unless the vendor has its own.
 */
export function callHeaders(call: ModelCall, scheme: AuthScheme): Record<string, string> {
  const { provider } = call.model;
  const quirks = quirksOf(provider);
  return {
    'content-type': 'application/json',
    accept: call.conversation.stream ? streamType(quirks) : 'application/json',
    ...provider.headers,
    ...keyHeader(quirks.auth ?? scheme, call.apiKey),
  };
}

function streamType({ hasBinaryStream }: Quirks): string {
  return hasBinaryStream === true ? 'application/vnd.amazon.eventstream' : 'text/event-stream';
}

function keyHeader(scheme: AuthScheme, key: string | undefined): Record<string, string> {
  if (key === undefined) return {};
  switch (scheme) {
    case 'bearer':
      return { authorization: `Bearer ${key}` };
    case 'aws':
      return isAwsCredentials(key) ? {} : { authorization: `Bearer ${key}` };
    default:
      return { [scheme]: key };
  }
}
