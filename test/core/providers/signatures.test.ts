import { describe, expect, it } from 'vitest';
import type { AssistantPart, Message } from '../../../src/domain/conversation.ts';
import type { ModelResponse, ResponsePart } from '../../../src/domain/response.ts';
import { foldParts } from '../../../src/providers/fold-parts.ts';
import { adapterOf } from '../../../src/providers/index.ts';
import { aCall, aConversation, aModel } from '../../support/builders.ts';
import { describeRecorded } from '../../support/describe-recorded.ts';
import { partsOf, sse } from '../../support/quirk-replies.ts';
import { recordedAdapter, recordedCall, recordedParts } from '../../support/recorded-call.ts';
import { recordingOf, recordingsWhere } from '../../support/recording-by-id.ts';
import { isStream, type Recording } from '../../support/recordings.ts';

/** What the provider says is given back to it in the next turn, as the same wire writes it. */
function nextTurn(content: readonly ResponsePart[], model: string): unknown {
  const said = content.filter((part): part is AssistantPart => part.type !== 'citation');
  const question: Message = { role: 'user', content: [{ type: 'text', text: 'And then?' }] };
  const messages: readonly Message[] = [question, { role: 'assistant', content: said }, question];
  const call = aCall({ model: aModel(model), conversation: aConversation({ messages }) });
  const body = JSON.parse(adapterOf(call.model.wire).toRequest(call).body);
  return (body.messages ?? body.contents)[1];
}

function responseOf(recording: Recording): ModelResponse {
  const { body } = recording.response;
  const response = isStream(recording)
    ? foldParts(recordedParts(recording))
    : recordedAdapter(recording).fromResponse(body, recordedCall(recording));
  if ('kind' in response) throw new Error(response.message);
  return response;
}

const signedIn = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`"${name}": ?"([^"]+)"`, 'g'))].flatMap(([, value]) => value ?? []);

/** Recordings of a wire whose answer has something opaque to give back. */
const withField = (endpoint: string, name: string) =>
  recordingsWhere(
    (recording) =>
      recording.endpoint === endpoint &&
      recording.response.status === 200 &&
      signedIn(recording.response.body, name).length > 0,
  ).map((recording) => [recording.id, recording] as const);

describeRecorded('what a recorded answer wants back', () => {
  it.each(withField('anthropic-messages', 'signature'))(
    'Anthropic: the signature of %s stands beside the same thinking',
    (_, recording) => {
      const signatures = signedIn(recording.response.body, 'signature');

      const turn = nextTurn(responseOf(recording).content, 'anthropic/claude-sonnet-4-5');

      const { content } = turn as { content: { type: string; signature?: string }[] }; // ours
      const given = content.filter(({ type }) => type === 'thinking');
      expect(given.map(({ signature }) => signature)).toEqual(signatures);
    },
  );

  it.each(withField('gemini-generate', 'thoughtSignature'))(
    'Gemini: the signatures of %s stand on the same parts',
    (_, recording) => {
      const { content } = responseOf(recording);
      const own = content.filter(
        (part) => 'extras' in part && part.extras?.['gemini'] !== undefined,
      );

      const turn = JSON.stringify(nextTurn(content, 'google/gemini-3-pro'));

      const given = signedIn(turn, 'thoughtSignature');
      expect(given).toHaveLength(own.length);
      expect(signedIn(JSON.stringify(own), 'thoughtSignature')).toEqual(given);
    },
  );

  it('OpenRouter: reasoning_details come back as they were', () => {
    const recording = recordingOf('openrouter.openai-chat.714e3e9f62');
    const { message } = JSON.parse(recording.response.body).choices[0];

    expect(nextTurn(responseOf(recording).content, 'openrouter/x-ai/grok-4')).toMatchObject({
      role: 'assistant',
      content: message.content,
      reasoning_details: message.reasoning_details,
    });
  });

  it('OpenRouter: the details of a stream come back in their order', () => {
    const recording = recordingOf('openrouter.openai-chat.0ca5d94989');
    const [data] = signedIn(recording.response.body, 'data');

    expect(nextTurn(responseOf(recording).content, 'openrouter/x-ai/grok-4')).toMatchObject({
      reasoning_details: [{ type: 'reasoning.encrypted', data }],
    });
  });
});

describe('what an answer wants back, by documentation', () => {
  const responseFrom = (parts: ReturnType<typeof partsOf>): ModelResponse => {
    const response = foldParts(parts);
    if ('kind' in response) throw new Error(response.message);
    return response;
  };

  it('6 Gemini: of parallel calls only the first is signed', () => {
    const call = (name: string, more: object = {}) => ({
      functionCall: { name, args: {} },
      ...more,
    });
    const parts = [call('one', { thoughtSignature: 'c2ln' }), call('two'), call('three')];
    const body = { candidates: [{ content: { parts }, finishReason: 'STOP' }] };
    const { content } = responseFrom(partsOf(sse(body), { wire: 'gemini' }));

    expect(nextTurn(content, 'google/gemini-2.5-pro')).toEqual({ role: 'model', parts });
  });

  it('6 Gemini: a trailing text of no words keeps its signature', () => {
    const parts = [{ text: 'Hi.' }, { text: '', thoughtSignature: 'c2ln' }];
    const body = { candidates: [{ content: { parts }, finishReason: 'STOP' }] };
    const { content } = responseFrom(partsOf(sse(body), { wire: 'gemini' }));

    expect(nextTurn(content, 'google/gemini-3-pro')).toEqual({ role: 'model', parts });
  });

  it('Gemini: a call of another model is let through without a signature', () => {
    const content: readonly ResponsePart[] = [
      { type: 'tool-call', id: 'a', name: 'one', arguments: '{}' },
      { type: 'tool-call', id: 'b', name: 'two', arguments: '{}' },
    ];

    expect(nextTurn(content, 'google/gemini-3-pro')).toMatchObject({
      parts: [{ thoughtSignature: 'skip_thought_signature_validator' }, { functionCall: {} }],
    });
    expect(JSON.stringify(nextTurn(content, 'google/gemini-2.5-pro'))).not.toContain('Signature');
  });

  it('Anthropic: redacted thinking comes back as it was', () => {
    const blocks = [
      { type: 'redacted_thinking', data: 'b3BhcXVl' },
      { type: 'text', text: 'Hi.' },
    ];
    const body = { id: 'm1', content: blocks, stop_reason: 'end_turn' };
    const response = adapterOf('anthropic').fromResponse(JSON.stringify(body), aCall());

    expect(
      'content' in response && nextTurn(response.content, 'anthropic/claude-sonnet-4-5'),
    ).toEqual({
      role: 'assistant',
      content: blocks,
    });
  });

  it('Anthropic: the pieces of streamed thinking are one block with one signature', () => {
    const delta = (fields: object) => ({ type: 'content_block_delta', index: 0, delta: fields });
    const events = [
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      delta({ type: 'thinking_delta', thinking: 'One, ' }),
      delta({ type: 'thinking_delta', thinking: 'two.' }),
      delta({ type: 'signature_delta', signature: 'c2ln' }),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
      { type: 'message_stop' },
    ];
    const { content } = responseFrom(partsOf(sse(...events), { wire: 'anthropic' }));

    expect(nextTurn(content, 'anthropic/claude-sonnet-4-5')).toEqual({
      role: 'assistant',
      content: [{ type: 'thinking', thinking: 'One, two.', signature: 'c2ln' }],
    });
  });

  it('a signature of one wire never reaches another', () => {
    const content: readonly ResponsePart[] = [
      { type: 'reasoning', text: 'Hm.', extras: { anthropic: { signature: 'b2YtY2xhdWRl' } } },
      {
        type: 'tool-call',
        id: 'a',
        name: 'one',
        arguments: '{}',
        extras: { gemini: { thoughtSignature: 'b2YtZ2VtaW5p' } },
      },
    ];
    const models = ['openai/gpt-5', 'openrouter/m', 'mistral/m', 'deepseek/m'];

    for (const model of models) {
      const turn = JSON.stringify(nextTurn(content, model));
      expect(turn).not.toContain('b2YtY2xhdWRl');
      expect(turn).not.toContain('b2YtZ2VtaW5p');
    }
    expect(JSON.stringify(nextTurn(content, 'anthropic/m'))).not.toContain('b2YtZ2VtaW5p');
    expect(JSON.stringify(nextTurn(content, 'google/gemini-3-pro'))).not.toContain('b2YtY2xhdWRl');
  });

  it('Google behind the dialect: the signature of a call goes back where it came from', () => {
    const message = {
      tool_calls: [
        {
          id: 'a',
          type: 'function',
          function: { name: 'one', arguments: '{}' },
          extra_content: { google: { thought_signature: 'c2ln' } },
        },
      ],
    };
    const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
    const body = JSON.stringify({ id: 'c1', choices });
    const response = adapterOf('openai').fromResponse(body, aCall());
    const content = 'content' in response ? response.content : [];

    expect(nextTurn(content, 'own/gemini')).toMatchObject({
      tool_calls: [{ extra_content: { google: { thought_signature: 'c2ln' } } }],
    });
    expect(JSON.stringify(nextTurn(content, 'openai/gpt-5'))).not.toContain('c2ln');
  });
});
