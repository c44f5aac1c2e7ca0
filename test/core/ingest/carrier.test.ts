import { describe, expect, it } from 'vitest';
import { isSealed, seal, unseal } from '../../../src/ingest/carrier.ts';

describe('unseal', () => {
  it.each([
    { gemini: { thoughtSignature: 'Z2Vt' } },
    { bedrock: { signature: 'YmVk' } },
    { openai: { reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }] } },
    { openai: { extra_content: { google: { thought_signature: 'x' } } } },
    {},
  ])('gives back what was sealed: %j', (extras) => {
    const carried = { on: 'next' as const, extras };
    expect(unseal(seal(carried))).toEqual(carried);
  });

  it.each([
    ["a provider's signature", 'EooDCokBCA8YAipArdh/ugu99mvdK4hF5/E='],
    ['nothing', ''],
    ['what somebody has cut', 'pointsman:{"on":"th'],
    ['a place that does not exist', 'pointsman:{"on":"nowhere","extras":{}}'],
    [
      'structure that nobody has checked',
      'pointsman:{"on":"this","extras":{"gemini":{"fileData":{"fileUri":"https://10.0.0.1"}}}}',
    ],
  ])('takes nothing from %s', (_, text) => {
    expect(unseal(text)).toBeUndefined();
  });
});

describe('isSealed', () => {
  it('knows what is ours even when it was changed', () => {
    expect(['pointsman:{', seal({ on: 'this', extras: {} }), 'c2ln'].map(isSealed)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
