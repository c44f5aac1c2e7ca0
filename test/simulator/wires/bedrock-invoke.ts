import { editMessage, encodeEvent, encodeMessage } from '../event-message.ts';
import { asObject } from '../prompt.ts';
import type { Piece, SimulatedWire } from '../wire.ts';
import { anthropicWire } from './anthropic.ts';
import { bedrockCredential, bedrockError, bedrockStreamError } from './bedrock-errors.ts';

const MODEL = /\/model\/([^/]+)\/invoke(-with-response-stream)?$/;
const DATA = /^data: (.*)$/m;

/** Anthropic Messages behind Bedrock's invoke: a stream's events are wrapped as base64. */
export const bedrockInvokeWire: SimulatedWire = {
  ...anthropicWire,
  streamType: 'application/vnd.amazon.eventstream',
  credentialOf: bedrockCredential,
  read: (body, url) => {
    const request = asObject(body);
    const extra = ['model', 'stream'].find((name) => request[name] !== undefined);
    if (extra !== undefined) {
      return { kind: 'invalid', message: `extraneous key [${extra}] is not permitted` };
    }
    if (request['anthropic_version'] !== 'bedrock-2023-05-31') {
      return { kind: 'invalid', message: 'required key [anthropic_version] not found' };
    }
    const [, model = '', streams] = MODEL.exec(url.pathname) ?? [];
    const named = { model: decodeURIComponent(model), stream: streams !== undefined };
    return anthropicWire.read({ ...request, ...named }, url);
  },
  stream: (telling) => anthropicWire.stream(telling).filter(isEvent).map(wrapped),
  error: bedrockError,
  streamError: bedrockStreamError,
  binary: {
    edit: (piece, change) => editMessage(piece, (text) => rewrap(text, change)),
    broken: encodeMessage(
      { ':event-type': 'chunk', ':message-type': 'event' },
      Buffer.from('{"by'),
    ),
  },
};

/** Bedrock passes no pings on. */
function isEvent({ bytes }: Piece): boolean {
  return !String(bytes).startsWith('event: ping');
}

function wrapped({ role, bytes }: Piece): Piece {
  const [, data = ''] = DATA.exec(String(bytes)) ?? [];
  return { role, bytes: encodeEvent('chunk', { bytes: base64Of(data), p: 'abcdef' }) };
}

function rewrap(text: string, change: (text: string) => string): string {
  const body = asObject(JSON.parse(text));
  const inner = Buffer.from(String(body['bytes']), 'base64').toString('utf8');
  return JSON.stringify({ ...body, bytes: base64Of(change(inner)) });
}

function base64Of(text: string): string {
  return Buffer.from(text).toString('base64');
}
