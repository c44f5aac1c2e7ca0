import { geminiWire } from '../../../simulator/wires/gemini.ts';
import { aModel } from '../../../support/builders.ts';
import { describeProviderContract } from '../../../support/provider-contract.ts';

describeProviderContract({
  wire: 'gemini',
  speaker: geminiWire,
  model: aModel('google/gemini-2.5-flash'),
  headers: ['content-type', 'accept', 'x-goog-api-key'],
  event: (data) => `data: ${data}\r\n\r\n`,
  skips: {
    'says that only one tool may be called at a time':
      'the API has no such switch; the catalog does not list the setting, so that it is warned of',
  },
});
