import { encodeMessage } from '../../../simulator/event-message.ts';
import { bedrockInvokeWire } from '../../../simulator/wires/bedrock-invoke.ts';
import { aModel } from '../../../support/builders.ts';
import { describeProviderContract } from '../../../support/provider-contract.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

// The same wire on Bedrock's invoke, whose streams wrap its events in binary messages.
describeProviderContract({
  wire: 'anthropic',
  speaker: bedrockInvokeWire,
  model: aModel('bedrock/eu.anthropic.claude-sonnet-4-6', { wire: 'anthropic' }),
  headers: ['content-type', 'accept', 'authorization', 'anthropic-version'],
  event: (data) =>
    encodeMessage(
      { ':event-type': 'chunk', ':message-type': 'event' },
      new TextEncoder().encode(JSON.stringify({ bytes: base64(data) })),
    ),
  skips: {
    'F37 an error in a body of status 200 has the class of its inner code':
      'an error body holds a message alone: its class is in a header, which a 200 does not have',
    'F39 a stream in place of a whole answer is put together':
      'a stream is binary and cannot stand in a text',
    'F41 invalid UTF-8 is replaced, and what follows is read':
      'nothing may stand between messages; invalid text inside them is in event-stream.test.ts',
  },
});
