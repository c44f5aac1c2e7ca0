import { AwsV4Signer } from 'aws4fetch';
import type { RequestSignature, WireRequest } from '../domain/ports.ts';

type Signing = {
  readonly signature: RequestSignature;
  /** When the call is sent; now by default. */
  readonly at?: Date;
  /** Keys derived from the secret, which hold for a day: reused where the caller keeps them. */
  readonly derivedKeys?: Map<string, ArrayBuffer>;
};

/**
 * The headers that sign a call by AWS's Signature Version 4. Only the host, the time and the token are
 * signed with the body: the runtime may change other headers on their way.
 */
export async function signatureHeaders(
  request: Pick<WireRequest, 'url' | 'body'>,
  { signature, at = new Date(), derivedKeys = new Map() }: Signing,
): Promise<Record<string, string>> {
  const { service, region, accessKeyId, secretAccessKey, sessionToken } = signature;
  const signer = new AwsV4Signer({
    method: 'POST',
    url: request.url,
    body: request.body,
    service,
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    datetime: at.toISOString().replace(NOT_IN_TIME, ''),
    cache: derivedKeys,
  });
  const { headers } = await signer.sign();
  return Object.fromEntries(headers);
}

/** The basic format of ISO 8601, without milliseconds: `20150830T123600Z`. */
const NOT_IN_TIME = /[:-]|\.\d{3}/g;
