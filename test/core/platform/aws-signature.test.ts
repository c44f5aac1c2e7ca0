import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RequestSignature } from '../../../src/domain/ports.ts';
import { signatureHeaders } from '../../../src/platform/aws-signature.ts';

/** The credentials of AWS's published test suite for Signature Version 4. */
const EXAMPLE: RequestSignature = {
  scheme: 'aws-v4',
  service: 'service',
  region: 'us-east-1',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: undefined,
};
const AT = new Date('2015-08-30T12:36:00Z');

describe('signatureHeaders', () => {
  it('gives what the published test suite expects of post-vanilla', async () => {
    const request = { url: 'https://example.amazonaws.com/', body: '' };

    expect(await signatureHeaders(request, { signature: EXAMPLE, at: AT })).toEqual({
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
        'SignedHeaders=host;x-amz-date, ' +
        'Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    });
  });

  it.each([
    ['a model id with a colon', 'us.amazon.nova-2-lite-v1%3A0', undefined],
    ['an ARN with slashes', 'arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Aprofile%2Fab', undefined],
    ['temporary credentials', 'openai.gpt-oss-120b-1%3A0', 'token/of+a=session'],
  ])('signs %s as an independent computation does', async (_, model, sessionToken) => {
    const signature = { ...EXAMPLE, service: 'bedrock', region: 'eu-central-1', sessionToken };
    const host = 'bedrock-runtime.eu-central-1.amazonaws.com';
    const path = `/model/${model}/converse`;
    const body = '{"messages":[{"role":"user","content":[{"text":"Grüße 🧮"}]}]}';

    const headers = await signatureHeaders(
      { url: `https://${host}${path}`, body },
      { signature, at: AT },
    );

    expect(headers).toEqual({
      'x-amz-date': '20150830T123600Z',
      ...(sessionToken && { 'x-amz-security-token': sessionToken }),
      authorization: expectedAuthorization({ signature, host, path, body }),
    });
  });

  it('gives the same with derived keys kept as without', async () => {
    const derivedKeys = new Map<string, ArrayBuffer>();
    const sign = (kept?: Map<string, ArrayBuffer>) =>
      signatureHeaders(
        { url: 'https://example.amazonaws.com/', body: '{}' },
        { signature: EXAMPLE, at: AT, ...(kept && { derivedKeys: kept }) },
      );

    const first = await sign(derivedKeys);

    expect(derivedKeys.size).toBe(1);
    expect(await sign(derivedKeys)).toEqual(first);
    expect(await sign()).toEqual(first);
  });
});

type Signed = {
  readonly signature: RequestSignature;
  readonly host: string;
  readonly path: string;
  readonly body: string;
};

/** By the steps of AWS's documentation, with nothing shared with the implementation. */
function expectedAuthorization({ signature, host, path, body }: Signed): string {
  const { accessKeyId, secretAccessKey, region, service, sessionToken } = signature;
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest();
  const token = sessionToken === undefined ? [] : [['x-amz-security-token', sessionToken]];
  const signed = [['host', host], ['x-amz-date', '20150830T123600Z'], ...token];
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    'POST',
    path.replaceAll('%', '%25'), // encoded once in the URL and again here
    '',
    ...signed.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const scope = `20150830/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', '20150830T123600Z', scope, sha256(canonical)].join('\n');
  const key = [region, service, 'aws4_request'].reduce(
    hmac,
    hmac(`AWS4${secretAccessKey}`, '20150830'),
  );
  return (
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, ` +
    `Signature=${hmac(key, toSign).toString('hex')}`
  );
}
