/** A model as `GET /v1/models` shows it; the fields that the demo reads. */
export type ListedModel = {
  readonly id: string;
  readonly pricing: {
    readonly costPer1kInputTokens: number | null;
    readonly costPer1kOutputTokens: number | null;
  };
  readonly quality: Readonly<Record<string, number>>;
};

/** A decision as `POST /v1/route` explains it. */
export type Explanation = {
  readonly policy: string;
  readonly requirement: { readonly task: string };
  readonly rejections: readonly { readonly model: string; readonly reason: string }[];
};

/** What came of one request. */
export type Outcome = {
  readonly status: number;
  readonly model: string | undefined;
  readonly attempts: number;
  readonly fallbacks: number;
  readonly ms: number;
  readonly error: string | undefined;
  readonly usage: BilledUsage | undefined;
};

export type BilledUsage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  /** US dollars; `null` where the price is not known. */
  readonly cost: number | null;
};

/** Says in one line what the person at the terminal can do. */
export class DemoFault extends Error {}

/** A running router, as any client sees it. */
export class DemoClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  }

  /** @throws DemoFault when nothing runs there, or the key does not open it. */
  async models(): Promise<readonly ListedModel[]> {
    const response = await this.#fetch('/v1/models').catch(() => {
      throw new DemoFault(`nothing runs on ${this.#url}: start the router with "npm start"`);
    });
    if (response.status === 401) {
      throw new DemoFault(`${this.#url} does not know the key: name yours with --key`);
    }
    if (!response.ok) throw new DemoFault(`${this.#url} answers ${response.status} to /v1/models`);
    return ((await response.json()) as { data: ListedModel[] }).data; // the API's description says so
  }

  async explain(body: object): Promise<Explanation> {
    const response = await this.#fetch('/v1/route', body);
    return (await response.json()) as Explanation; // as above
  }

  async ask(body: object): Promise<Outcome> {
    const startedAt = performance.now();
    const response = await this.#fetch('/v1/chat/completions', body);
    const text = await response.text();
    const { headers, status } = response;
    const documents = documentsIn(text);
    return {
      status,
      model: headers.get('x-router-model') ?? undefined,
      attempts: Number(headers.get('x-router-attempts') ?? 0),
      fallbacks: Number(headers.get('x-router-fallbacks') ?? 0),
      ms: performance.now() - startedAt,
      error: documents.find(({ error }) => error !== undefined)?.error?.code,
      usage: documents.findLast(({ usage }) => usage)?.usage,
    };
  }

  #fetch(path: string, body?: object): Promise<Response> {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return fetch(this.#url + path, { headers: this.#headers, ...init });
  }
}

type AnswerDocument = { readonly usage?: BilledUsage; readonly error?: { readonly code: string } };

/** The JSON of an answer: one, or one per event of a stream. */
function documentsIn(text: string): readonly AnswerDocument[] {
  if (text.startsWith('{')) return [JSON.parse(text)];
  const lines = text.split('\n').filter((line) => line.startsWith('data: {'));
  return lines.map((line) => JSON.parse(line.slice('data: '.length)));
}

/** The control of the simulator that plays the router's providers. */
export class SimulatorControl {
  readonly #url: string;

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}/__simulator`;
  }

  /** How many calls it has played; undefined where there is no simulator. */
  async calls(): Promise<number | undefined> {
    try {
      const response = await fetch(`${this.#url}/calls`);
      return ((await response.json()) as { calls: unknown[] }).calls.length; // its own words
    } catch {
      return undefined;
    }
  }

  /** The next call finds its model overloaded. */
  async failNext(): Promise<void> {
    const rules = [{ fault: 'F12', times: 1 }];
    await fetch(`${this.#url}/plan`, { method: 'PUT', body: JSON.stringify({ rules }) });
  }

  async recover(): Promise<void> {
    await fetch(`${this.#url}/plan`, { method: 'DELETE' });
  }
}
