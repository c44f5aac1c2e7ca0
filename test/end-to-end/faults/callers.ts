import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { DEVELOPMENT_KEY } from '../../simulator/development.ts';
import type { Stage } from '../stage.ts';

/** What a caller asks; always as a stream. */
export type Asked = {
  readonly model: string;
  /** Which may answer behind it, in order. */
  readonly models?: readonly string[];
  readonly prompt?: string;
  readonly routing?: object;
  /** Fields of the dialect itself. */
  readonly fields?: object;
};

/** What the caller's official client made of the answer. */
export type Heard = {
  readonly text: string;
  /** The dialect's own word for why it ended; undefined when it never did. */
  readonly finish: string | undefined;
  readonly usage: { readonly input: number; readonly output: number } | undefined;
  /** What the client threw, before or in the stream. */
  readonly error: unknown;
  readonly headers: Headers;
  /** How many requests the client sent for this one. */
  readonly sent: number;
};

export type Dialect = 'chat' | 'messages' | 'responses';

/** Asks through the official client of a dialect, as its users have it, with its usual retries. */
export async function ask(stage: Stage, dialect: Dialect, asked: Asked): Promise<Heard> {
  const heard = {
    text: '',
    finish: undefined as string | undefined,
    usage: undefined as Heard['usage'],
    error: undefined as unknown,
    headers: new Headers(),
    sent: 0,
  };
  const counting: typeof fetch = async (url, init) => {
    heard.sent += 1;
    const response = await fetch(url, init);
    heard.headers = response.headers;
    return response;
  };
  try {
    for await (const news of READERS[dialect](stage, asked, counting)) {
      heard.text += news.text ?? '';
      heard.finish = news.finish ?? heard.finish;
      heard.usage = news.usage ?? heard.usage;
    }
  } catch (error) {
    heard.error = error;
  }
  return heard;
}

type News = {
  readonly text?: string | undefined;
  readonly finish?: string | undefined;
  readonly usage?: Heard['usage'];
};
type Reader = (stage: Stage, asked: Asked, counting: typeof fetch) => AsyncGenerator<News>;

const READERS: Readonly<Record<Dialect, Reader>> = {
  chat: readChat,
  messages: readMessages,
  responses: readResponses,
};

async function* readChat(...given: Parameters<Reader>): AsyncGenerator<News> {
  const [, { prompt = 'Hello', fields }] = given;
  const stream = await openAi(given).chat.completions.create({
    ...routed(given),
    messages: [{ role: 'user', content: prompt }],
    stream: true,
    ...fields,
  });
  for await (const { choices, usage } of stream) {
    const [choice] = choices;
    yield {
      text: choice?.delta.content ?? undefined,
      finish: choice?.finish_reason ?? undefined,
      usage: usage ? { input: usage.prompt_tokens, output: usage.completion_tokens } : undefined,
    };
  }
}

async function* readMessages(...given: Parameters<Reader>): AsyncGenerator<News> {
  const [stage, { prompt = 'Hello', fields }, counting] = given;
  const client = new Anthropic({ baseURL: stage.url, apiKey: DEVELOPMENT_KEY, fetch: counting });
  const stream = await client.messages.create({
    ...routed(given),
    messages: [{ role: 'user', content: prompt }],
    max_tokens: 1000,
    stream: true,
    ...fields,
  });
  for await (const event of stream) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      yield { text: event.delta.text };
    }
    if (event.type === 'message_delta') {
      const { input_tokens: input, output_tokens: output } = event.usage;
      yield {
        finish: event.delta.stop_reason ?? undefined,
        usage: { input: input ?? Number.NaN, output },
      };
    }
  }
}

async function* readResponses(...given: Parameters<Reader>): AsyncGenerator<News> {
  const [, { prompt = 'Hello', fields }] = given;
  const stream = await openAi(given).responses.create({
    ...routed(given),
    input: prompt,
    stream: true,
    ...fields,
  });
  for await (const event of stream) {
    if (event.type === 'response.output_text.delta') yield { text: event.delta };
    if (event.type !== 'response.completed' && event.type !== 'response.incomplete') continue;
    const { status, usage } = event.response;
    yield {
      finish: status,
      usage: usage ? { input: usage.input_tokens, output: usage.output_tokens } : undefined,
    };
  }
}

function openAi([stage, , counting]: Parameters<Reader>): OpenAI {
  return new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: DEVELOPMENT_KEY, fetch: counting });
}

function routed([, { model, models, routing }]: Parameters<Reader>) {
  return { model, ...(models && { models }), ...(routing && { routing }) };
}
