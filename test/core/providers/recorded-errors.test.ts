import { expect, it } from 'vitest';
import { FAILURE_KINDS } from '../../../src/domain/failure.ts';
import { describeRecorded, tallyOf } from '../../support/describe-recorded.ts';
import { failureOf } from '../../support/error-replies.ts';
import { recordedParts } from '../../support/recorded-call.ts';
import { type Recording, recordingsOf } from '../../support/recordings.ts';

/**
 * The class of every recorded error, reviewed by hand against the fault catalogue. Errors of wires
 * that are not ours are read by the same shared code, so that they stand here, too.
 */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  // F02, F24: too much for this model; only a larger one is worth another try.
  'client-size context_length_exceeded': [
    'cohere.cohere-chat-v2.ccea78a350',
    'ollama.openai-chat.cfcddc3308',
    'perplexity.openai-chat.dd8e961dfe',
  ],
  // F08: the delay stands in the body; no limit of a day is named.
  'rate rate_limited 48000': ['google-gemini.gemini-generate.8056f6bc02'],
  // F01: the limit of the provider behind OpenRouter, without a hint.
  'rate rate_limited': ['openrouter.openai-chat.23ad07fbe8'],
  // F18: with 401, with 400 (Google), with 403 (AWS).
  'key key_rejected': [
    'anthropic.anthropic-messages.92e9b5bf43',
    'anthropic.anthropic-messages.eb63197f58',
    'anthropic.anthropic-messages.f6c9a36920',
    'aws-bedrock.bedrock-converse.4dcfea26ba',
    'azure.openai-chat.2532a37bf1',
    'deepseek.openai-chat.2730f87477',
    'google-gemini.embeddings.357a09aa9f',
    'google-gemini.gemini-generate.906a0092b5',
    'groq.openai-chat.8ca4062ded',
    'mistral.openai-chat.587728a013',
    'openai.embeddings.cf58a2074d',
    'openai.openai-chat.5875aa0dc4',
    'openai.openai-chat.e9a6695420',
    'openai.openai-responses.9df1b9fa6b',
    'openrouter.openai-chat.c7a62cf450',
  ],
  // F20: a permission of the key for this model; OpenRouter's data policy is a setting of its account.
  'key not_permitted': [
    'google-vertex.gemini-generate.33b677bafb',
    'openai.openai-chat.f0ce536c47',
    'openai.openai-completions.6bb709b5c4',
    'openrouter.openai-chat.8f9be94e0e',
  ],
  // F22: with 404, and with 400 at AWS, Groq, Mistral, OpenAI Responses and xAI.
  'route model_gone': [
    'anthropic.anthropic-messages.434baa7b79',
    'anthropic.anthropic-messages.8e4ac3a089',
    'anthropic.anthropic-messages.97c7529d45',
    'aws-bedrock.bedrock-converse-stream.e90160d42d',
    'azure.openai-chat.c89e2160de',
    'cohere.embeddings.34a2eb9d32',
    'google-gemini.embeddings.b8d1d234ff',
    'google-gemini.gemini-generate.4c7ed2e4f1',
    'google-gemini.gemini-generate.5356d65c6d',
    'google-gemini.gemini-generate.aa691b4329',
    'google-gemini.gemini-generate.ab468c94a6',
    'groq.openai-chat.523a46035a',
    'groq.openai-chat.a986ef3af1',
    'mistral.embeddings.40b8eee585',
    'mistral.openai-chat.d49a043745',
    'openai.embeddings.ee5a628938',
    'openai.openai-chat.0be23062eb',
    'openai.openai-chat.522b03fb1f',
    'openai.openai-chat.e6c72619fb',
    'openai.openai-responses.1f9021407b',
    'openai.openai-responses.5aa920602a',
    'openai.openai-responses.c047d19dc1',
    'openrouter.openai-chat.4171c3eae4',
    'xai.openai-chat.4ccfb6bf8c',
    'xai.openai-responses.b397082183',
  ],
  // F25: the request is at fault.
  'client rejected_request': [
    'anthropic.anthropic-messages.b8d04a1907',
    'aws-bedrock.bedrock-converse.8a0c2392de',
    'aws-bedrock.bedrock-converse.f8cf4c82e0',
    'azure.openai-chat.e5e6ef3588',
    'google-vertex.gemini-generate.39a6939a63',
    'google-vertex.gemini-generate.72f9afc036',
    'openai.openai-chat.93fc41b91d',
    'openai.openai-responses.8efe9f2ad6',
  ],
  // F25: the model is at fault, which cannot do what was asked; another one may.
  'client unsupported_by_model': [
    'anthropic.anthropic-messages.113631f747',
    'deepseek.openai-chat.20962a070b',
    'deepseek.openai-chat.eca14a7fc8',
    'google-gemini.gemini-generate.9c321a0abc',
    'mistral.openai-chat.412a716053',
    'openai.openai-chat.c1ce1dab33',
    'openrouter.openai-chat.1c8052e8cb',
    'openrouter.openai-chat.62da7065d9',
  ],
  // F26: the 403 of the provider behind OpenRouter names its safety check.
  'policy content_filter': ['openrouter.openai-chat.2c87d3bddf'],
  // The model wrote a call that its server could not read: with 400, and inside a stream (F47, F51).
  'malformed tool_use_failed': [
    'groq.openai-chat.9dcd0d0bf8',
    'groq.openai-chat.924ea98e4a',
    'groq.openai-chat.b116a122de',
  ],
  // F47: the first event of a stream is an error with its own status, 502.
  'route server_error': ['openrouter.openai-chat.d9e1becc26'],
};

const isError = ({ response, kind }: Recording): boolean =>
  response.status !== 200 || kind.includes('error_in_stream');

const errors = recordingsOf(
  'openai-chat',
  'anthropic-messages',
  'gemini-generate',
  'openai-completions',
  'openai-responses',
  'bedrock-converse',
  'bedrock-converse-stream',
  'cohere-chat-v2',
  'embeddings',
).filter(isError);

function classIn(recording: Recording): string {
  const { status, headers, body } = recording.response;
  const failure = status === 200 ? faultIn(recording) : failureOf({ status, headers, body });
  expect(FAILURE_KINDS).toContain(failure.kind);
  return [failure.kind, failure.code, failure.retryAfterMs].filter(Boolean).join(' ');
}

function faultIn(recording: Recording) {
  const fault = recordedParts(recording).find((part) => part.type === 'error');
  if (fault === undefined) throw new Error(`${recording.id} reports no fault`);
  return fault.failure;
}

describeRecorded('the class of a recorded error', () => {
  const tally = tallyOf('recorded errors with a class', errors);

  it.each(errors.map((recording) => [recording.id, recording] as const))(
    'is that of the table for %s',
    (id, recording) => {
      const expected = Object.keys(CLASSES).filter((name) => CLASSES[name]?.includes(id));

      expect([classIn(recording)]).toEqual(expected);
      tally.pass(recording);
    },
  );
});
