import OpenAI from 'openai';

/** The official client, with one answer for whatever it asks. */
export function openAiReading(
  body: string,
  contentType = 'application/json',
  status = 200,
): OpenAI {
  const headers = { 'content-type': contentType };
  return new OpenAI({
    apiKey: 'test',
    baseURL: 'https://router.test/v1',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(body, { status, headers })),
  });
}

/** The same with an answer that is streamed. */
export function openAiStreaming(text: string): OpenAI {
  return openAiReading(text, 'text/event-stream');
}
