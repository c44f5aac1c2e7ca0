import Anthropic from '@anthropic-ai/sdk';

/** The official client, answered with this text whatever it asks. */
export function clientAnswering(body: string, type = 'text/event-stream'): Anthropic {
  const headers = { 'content-type': type, 'request-id': 'id-1' };
  return new Anthropic({
    apiKey: 'test',
    baseURL: 'https://router.test',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(body, { headers })),
  });
}

/** The message that the official client puts together from a stream. */
export function messageFrom(stream: string): Promise<Anthropic.Message> {
  const request = { model: 'm', max_tokens: 1, messages: [] };
  return clientAnswering(stream).messages.stream(request).finalMessage();
}
