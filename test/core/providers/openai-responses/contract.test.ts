import { responsesWire } from '../../../simulator/wires/openai-responses.ts';
import { aModel } from '../../../support/builders.ts';
import { describeProviderContract } from '../../../support/provider-contract.ts';

describeProviderContract({
  wire: 'openai-responses',
  speaker: responsesWire,
  model: aModel('openai/gpt-5.2', { wire: 'openai-responses' }),
  headers: ['content-type', 'accept', 'authorization'],
  event: (data) => `event: response.output_text.delta\ndata: ${data}\n\n`,
  skips: {
    'names stop sequences and the limit of the answer':
      'the API has no stop sequences and the catalog does not list them; request.test.ts has the limit',
  },
});
