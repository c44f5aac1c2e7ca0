import { anthropicWire } from '../../../simulator/wires/anthropic.ts';
import { aModel } from '../../../support/builders.ts';
import { describeProviderContract } from '../../../support/provider-contract.ts';

describeProviderContract({
  wire: 'anthropic',
  speaker: anthropicWire,
  model: aModel('anthropic/claude-sonnet-4-5'),
  headers: ['content-type', 'accept', 'x-api-key', 'anthropic-version'],
  event: (data) => `event: content_block_delta\ndata: ${data}\n\n`,
});
