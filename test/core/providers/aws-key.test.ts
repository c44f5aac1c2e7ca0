import { describe, expect, it } from 'vitest';
import { awsSignature } from '../../../src/providers/aws-key.ts';
import { callHeaders } from '../../../src/providers/call-headers.ts';
import { aCall, aModel } from '../../support/builders.ts';

const BEDROCK = aModel('bedrock/claude');

function hostedAt(baseUrl: string) {
  return { ...BEDROCK, provider: { ...BEDROCK.provider, baseUrl } };
}

describe('awsSignature', () => {
  it('reads access key, secret and session token out of one secret', () => {
    const call = aCall({ model: BEDROCK, apiKey: 'ASIAEXAMPLE:s3cr/et+:t0ken==' });

    expect(awsSignature(call, 'aws').signature).toMatchObject({
      scheme: 'aws-v4',
      accessKeyId: 'ASIAEXAMPLE',
      secretAccessKey: 's3cr/et+',
      sessionToken: 't0ken==',
    });
  });

  it.each([
    ['https://bedrock-runtime.us-east-1.amazonaws.com', 'bedrock', 'us-east-1'],
    ['https://bedrock-runtime.us-gov-west-1.amazonaws.com', 'bedrock', 'us-gov-west-1'],
    ['https://bedrock-runtime-fips.ca-central-1.amazonaws.com', 'bedrock', 'ca-central-1'],
    ['https://bedrock-runtime.ap-southeast-2.amazonaws.com/openai/v1', 'bedrock', 'ap-southeast-2'],
    ['https://bedrock-mantle.eu-west-1.api.aws/v1', 'bedrock-mantle', 'eu-west-1'],
    ['https://models.test', 'bedrock', 'us-east-1'],
  ])('takes service and region from %s', (baseUrl, service, region) => {
    const call = aCall({ model: hostedAt(baseUrl), apiKey: 'AKIAEXAMPLE:secret' });

    expect(awsSignature(call, 'aws').signature).toMatchObject({
      service,
      region,
      sessionToken: undefined,
    });
  });

  it.each([
    ['an API key', 'ABSKQmVkcm9ja0FQSUtleS1leGFtcGxl', 'aws'],
    ['no key', undefined, 'aws'],
    ['a vendor that takes no signature', 'AKIAEXAMPLE:secret', 'x-api-key'],
  ] as const)('signs nothing with %s', (_, apiKey, scheme) => {
    expect(awsSignature(aCall({ model: BEDROCK, apiKey }), scheme)).toEqual({});
  });
});

describe('callHeaders', () => {
  it('sends an API key of Bedrock as a bearer', () => {
    expect(callHeaders(aCall({ model: BEDROCK, apiKey: 'ABSKQmVkcm9jaw' }), 'aws')).toMatchObject({
      authorization: 'Bearer ABSKQmVkcm9jaw',
    });
  });

  it('never sends credentials that sign', () => {
    const headers = callHeaders(aCall({ model: BEDROCK, apiKey: 'AKIAEXAMPLE:secret' }), 'aws');

    expect(JSON.stringify(headers)).not.toContain('AKIAEXAMPLE');
    expect(JSON.stringify(headers)).not.toContain('secret');
  });
});
