/** One request of the demo, as a client would send it. */
export type DemoRequest = {
  readonly asked: string;
  readonly body: object;
  /** The provider of the first choice fails while this one is asked. */
  readonly whileDown?: true;
};

/** 64 × 64 pixels, blue. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsGtiRLPayAi+hcEKLNXzWgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgsUDvE8CqWt0gAAAABJRU5ErkJggg==';

const REVIEW =
  'The delivery was two days late, but the shop called, apologized and sent a voucher. I will buy again.';
const INVOICE =
  'Invoice 2026-1187 of 3 November 2026, Nordlys AS, Oslo: 12 lamps at 49.50 each, total 594.00 EUR, due in 30 days.';
const COMPLAINT =
  'Ms. Ada Berg (ada.berg@example.org) complains of a charge on her card. Write a short, polite answer.';

/** Characters of English prose per token, roughly. */
const CHARACTERS_PER_TOKEN = 4;
const SUMMARY_TOKENS = 40_000;
/** Ids and digits have two to three characters per token: more than any window holds. */
const ARCHIVE_CHARACTERS = 3_900_000;

/** Mixed work, as a product would have it in a minute. */
export function workload(): readonly DemoRequest[] {
  return [
    {
      asked: 'classify a review',
      body: ask(`Is this review positive, negative or mixed? One word. ${REVIEW}`, {
        model: 'auto/economy',
        max_tokens: 5,
      }),
    },
    {
      asked: 'extract an invoice',
      body: ask(INVOICE, { response_format: INVOICE_FORMAT }),
    },
    {
      asked: 'summarize 40k tokens',
      body: ask(`Summarize these minutes in five sentences.\n\n${minutes()}`),
    },
    {
      asked: 'chat with tools',
      body: ask('Do I need an umbrella in Oslo today? Look with get_weather.', { tools: TOOLS }),
    },
    { asked: 'describe an image', body: { model: 'auto', messages: [IMAGE_MESSAGE] } },
    {
      asked: 'pii_safe complaint',
      body: ask(COMPLAINT, { routing: { compliance: ['pii_safe'] } }),
    },
    {
      asked: 'stream a story',
      body: ask('Tell me a short story of a pointsman. [[tokens: 200]]', {
        stream: true,
        usage: { include: true },
      }),
    },
    {
      asked: 'search 3.9 MB of ids',
      body: ask(`Which of these ids comes twice?\n\n${archive()}`),
    },
    {
      asked: 'first choice is down',
      body: ask('What does a pointsman do?'),
      whileDown: true,
    },
  ];
}

function ask(content: string, fields: object = {}): object {
  return { model: 'auto', messages: [{ role: 'user', content }], ...fields };
}

const INVOICE_FORMAT = {
  type: 'json_schema',
  json_schema: {
    name: 'invoice',
    schema: {
      type: 'object',
      properties: {
        number: { type: 'string' },
        seller: { type: 'string' },
        total: { type: 'number' },
        currency: { type: 'string', enum: ['EUR', 'USD'] },
      },
      required: ['number', 'seller', 'total', 'currency'],
      additionalProperties: false,
    },
  },
};

const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'The weather of a city today.',
      parameters: {
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
      },
    },
  },
];

const IMAGE_MESSAGE = {
  role: 'user',
  content: [
    { type: 'text', text: 'Which color is this?' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
  ],
};

function minutes(): string {
  const sentence =
    'The board heard the report on the northern line and asked for a second estimate of its cost. ';
  const sentences = (SUMMARY_TOKENS * CHARACTERS_PER_TOKEN) / sentence.length;
  return sentence.repeat(Math.ceil(sentences));
}

function archive(): string {
  let ids = '';
  for (let id = 1; ids.length < ARCHIVE_CHARACTERS; id++) {
    ids += `${Math.imul(id, 2_654_435_761) >>> 0}:${(id * 7919).toString(36)} `;
  }
  return ids;
}
