import OpenAI from 'openai';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import type { Stage } from './stage.ts';

/** The official client as its users have it, with its usual retries; what it sends is counted. */
export function countingClient(
  stage: Stage,
  fields: ConstructorParameters<typeof OpenAI>[0] = {},
): { readonly client: OpenAI; readonly sent: () => number } {
  let sent = 0;
  const client = new OpenAI({
    baseURL: `${stage.url}/v1`,
    apiKey: DEVELOPMENT_KEY,
    fetch: (url, init) => {
      sent += 1;
      return fetch(url, init);
    },
    ...fields,
  });
  return { client, sent: () => sent };
}
