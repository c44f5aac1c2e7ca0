import { encodeException } from '../event-message.ts';
import type { ErrorReply, ErrorWords } from '../wire.ts';

const ERRORS: Readonly<Record<ErrorWords['kind'], readonly [number, string]>> = {
  invalid: [400, 'ValidationException'],
  'context-length': [400, 'ValidationException'],
  'too-large': [413, 'RequestEntityTooLargeException'],
  'content-filter': [400, 'ValidationException'],
  auth: [403, 'UnrecognizedClientException'],
  permission: [403, 'AccessDeniedException'],
  'not-found': [404, 'ResourceNotFoundException'],
  conflict: [409, 'ConflictException'],
  rate: [429, 'ThrottlingException'],
  quota: [400, 'ServiceQuotaExceededException'],
  server: [500, 'InternalServerException'],
  unavailable: [503, 'ServiceUnavailableException'],
  timeout: [504, 'ModelTimeoutException'],
  overload: [429, 'ModelNotReadyException'],
};

const OWN_MESSAGES: Readonly<Partial<Record<ErrorWords['kind'], string>>> = {
  'context-length': 'Input is too long for requested model.',
  'content-filter': 'Output blocked by content filtering policy',
  auth: 'The security token included in the request is invalid.',
};

/** The class stands in a header, the body is a message alone. */
export function bedrockError({ kind, message }: ErrorWords): ErrorReply {
  const [status, type] = ERRORS[kind];
  return {
    status,
    headers: {
      'x-amzn-requestid': 'simulated',
      'x-amzn-errortype': `${type}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
    },
    body: { message: OWN_MESSAGES[kind] ?? message },
  };
}

/** Streams know fewer exceptions; their names begin in lower case. */
const STREAM_EXCEPTIONS: Readonly<Partial<Record<ErrorWords['kind'], string>>> = {
  rate: 'throttlingException',
  server: 'internalServerException',
  unavailable: 'serviceUnavailableException',
  overload: 'serviceUnavailableException',
  invalid: 'validationException',
};

export function bedrockStreamError({ kind, message }: ErrorWords): Uint8Array {
  return encodeException(STREAM_EXCEPTIONS[kind] ?? 'modelStreamErrorException', { message });
}

const BEARER = /^Bearer\s+(\S+)$/i;
const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/[a-z0-9-]+\/bedrock(?:-mantle)?\/aws4_request, SignedHeaders=host;x-amz-date\S*, Signature=[0-9a-f]{64}$/;

/** The API key, or the access key that has signed. */
export function bedrockCredential(headers: Headers): string | undefined {
  const value = headers.get('authorization') ?? '';
  return BEARER.exec(value)?.[1] ?? SIGNED.exec(value)?.[1];
}
