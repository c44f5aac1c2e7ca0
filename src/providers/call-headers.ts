import type { ModelCall } from '../domain/ports.ts';
import { quirksOf } from './resolve-provider.ts';
import type { AuthScheme } from './vendor.ts';

/**
 * The headers of a call: ours and the provider's own, nothing of the caller's (fault catalogue A16).
 * `scheme` is the wire's way to take a key, unless the vendor has its own.
 */
export function callHeaders(call: ModelCall, scheme: AuthScheme): Record<string, string> {
  const { provider } = call.model;
  return {
    'content-type': 'application/json',
    accept: call.conversation.stream ? 'text/event-stream' : 'application/json',
    ...provider.headers,
    ...keyHeader(quirksOf(provider).auth ?? scheme, call.apiKey),
  };
}

function keyHeader(scheme: AuthScheme, key: string | undefined): Record<string, string> {
  if (key === undefined) return {};
  return scheme === 'bearer' ? { authorization: `Bearer ${key}` } : { [scheme]: key };
}
