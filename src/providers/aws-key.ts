import type { ModelCall, RequestSignature } from '../domain/ports.ts';
import { quirksOf } from './resolve-provider.ts';
import type { AuthScheme } from './vendor.ts';

/** The region as a label of the host, e.g. `us-east-1`, `us-gov-west-1`, `ap-southeast-2`. */
const REGION = /(?:^|\.)([a-z]{2}(?:-[a-z]+)+-\d)\./;
const DEFAULT_REGION = 'us-east-1';

/** Of the two hosts of Bedrock, this one is a service of its own. */
const MANTLE_HOST = /(?:^|\.)bedrock-mantle\./;

/**
 * Two kinds of key stand in the same secret. `ACCESS_KEY_ID:SECRET_ACCESS_KEY`, with `:SESSION_TOKEN`
 * for temporary credentials, signs the call; every other key is an API key of Bedrock's and a bearer.
 * Neither those three parts nor an API key can hold a colon or a comma.
 */
export function isAwsCredentials(key: string): boolean {
  return key.includes(':');
}

/** What the call must be signed with, as a part of the wire request; empty where nothing is signed. */
export function awsSignature(
  call: ModelCall,
  scheme?: AuthScheme,
): { readonly signature?: RequestSignature } {
  const { apiKey, model } = call;
  const isAws = (quirksOf(model.provider).auth ?? scheme) === 'aws';
  if (!isAws || apiKey === undefined || !isAwsCredentials(apiKey)) return {};
  const [accessKeyId = '', secretAccessKey = '', sessionToken] = apiKey.split(':');
  const { hostname } = new URL(model.provider.baseUrl);
  return {
    signature: {
      scheme: 'aws-v4',
      service: MANTLE_HOST.test(hostname) ? 'bedrock-mantle' : 'bedrock',
      region: REGION.exec(hostname)?.[1] ?? DEFAULT_REGION,
      accessKeyId,
      secretAccessKey,
      sessionToken: sessionToken || undefined,
    },
  };
}
