import { describe, expect, it } from 'vitest';
import { CALLED, CLAUDE, NOVA, send, TOOL } from '../../../support/bedrock-request.ts';
import { aModel } from '../../../support/builders.ts';

// What no recording shows is by AWS's API reference and by Anthropic's and Amazon's documentation.
describe('toolFields', () => {
  it.each([
    ['auto', { type: 'auto' }, { auto: {} }],
    ['required', { type: 'required' }, { any: {} }],
    ['a named tool', { type: 'tool', name: 'look_up' }, { tool: { name: 'look_up' } }],
    ['nothing', undefined, undefined],
  ] as const)('says the choice of %s', (_, toolChoice, expected) => {
    expect(send(NOVA, { tools: [TOOL], toolChoice }).body.toolConfig).toEqual({
      tools: [
        {
          toolSpec: {
            name: 'look_up',
            description: 'Looks up',
            inputSchema: { json: { type: 'object', properties: {} } },
          },
        },
      ],
      ...(expected && { toolChoice: expected }),
    });
  });

  it('does not offer tools that must not be called: there is no choice `none`', () => {
    const { body, warnings } = send(NOVA, { tools: [TOOL], toolChoice: { type: 'none' } });

    expect(body).not.toHaveProperty('toolConfig');
    expect(warnings).toEqual(['tool_choice: the tools were not offered, since none may be called']);
  });

  it('offers the tools of earlier calls again, which the API demands, and says so', () => {
    const forbidden = send(NOVA, { messages: CALLED, tools: [TOOL], toolChoice: { type: 'none' } });
    const gone = send(NOVA, { messages: CALLED });

    expect(forbidden.body.toolConfig.tools).toHaveLength(1);
    expect(gone.body.toolConfig).toEqual({
      tools: [{ toolSpec: { name: 'look_up', inputSchema: { json: { type: 'object' } } } }],
    });
    for (const { warnings } of [forbidden, gone]) {
      expect(warnings).toEqual([
        'tool_choice: the tools of earlier calls had to be offered again: the model may call one',
      ]);
    }
  });

  it('keeps a tool strict where the model has structured output, and says so where not', () => {
    const tools = [{ ...TOOL, strict: true }];
    const plain = aModel('bedrock/test', { supportsStructuredOutput: false });

    expect(send(CLAUDE, { tools }).body.toolConfig.tools[0].toolSpec.strict).toBe(true);
    const { body, warnings } = send(CLAUDE, { tools }, { model: plain });
    expect(body.toolConfig.tools[0].toolSpec).not.toHaveProperty('strict');
    expect(warnings).toHaveLength(1);
  });
});
