import { openaiWire } from '../../../simulator/wires/openai.ts';
import { aModel } from '../../../support/builders.ts';
import { describeProviderContract } from '../../../support/provider-contract.ts';

describeProviderContract({
  wire: 'openai',
  speaker: openaiWire,
  model: aModel('openai/gpt-5.2'),
  headers: ['content-type', 'accept', 'authorization'],
  event: (data) => `data: ${data}\n\n`,
});
