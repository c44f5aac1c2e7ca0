import { encodeMessage } from '../../../simulator/event-message.ts';
import { bedrockWire } from '../../../simulator/wires/bedrock.ts';
import { aModel } from '../../../support/builders.ts';
import { describeProviderContract } from '../../../support/provider-contract.ts';

describeProviderContract({
  wire: 'bedrock',
  speaker: bedrockWire,
  model: aModel('bedrock/eu.anthropic.claude-sonnet-4-6'),
  headers: ['content-type', 'accept', 'authorization'],
  event: (data) =>
    encodeMessage(
      { ':event-type': 'contentBlockDelta', ':message-type': 'event' },
      new TextEncoder().encode(data),
    ),
  skips: {
    'gives the text, who said it and how it ended':
      'an answer of Converse names neither itself nor its model; its text and end are in the other cases',
    'gives an image by its address':
      'Converse fetches nothing: the catalog says so, and the image is left out with a warning',
    'says which tool may, must or must not be called':
      'there is no choice of no tool: tools are not offered then; tools.test.ts has each choice',
    'says that only one tool may be called at a time':
      'the API has no such switch; the catalog does not list the setting, so that it is warned of',
    'F37 an error in a body of status 200 has the class of its inner code':
      'an error body holds a message alone: its class is in a header, which a 200 does not have',
    'F39 a stream in place of a whole answer is put together':
      'a stream is binary and cannot stand in a text',
    'F41 invalid UTF-8 is replaced, and what follows is read':
      'nothing may stand between messages; invalid text inside them is in event-stream.test.ts',
  },
});
