import { describe, expect, it } from 'vitest';
import { readTask, taskModel } from '../../../src/classify/read-task.ts';
import { readText } from '../../../src/classify/read-text.ts';
import { unpackTaskModel } from '../../../src/classify/task-model.ts';
import { TASK_WEIGHTS } from '../../../src/classify/task-weights.ts';
import type { Message } from '../../../src/domain/conversation.ts';
import { aConversation } from '../../support/builders.ts';

function user(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** Written for this test alone; nothing was learned from them. */
const EVERYDAY: readonly (readonly [kind: string, text: string])[] = [
  [
    'classification',
    'Label this support ticket as billing, outage or feature request: "My card was charged twice."',
  ],
  [
    'classification',
    'Is the following review positive, negative or neutral? Answer with one word.\n\nThe soup was cold.',
  ],
  [
    'classification',
    'Categorize each headline as sports, politics or tech:\n1. Striker signs new deal\n2. Chip maker beats forecast',
  ],
  [
    'extraction',
    'Extract the invoice number, the date and the total from this e-mail and return JSON with those fields.\n\nInvoice 2231 of 4 May comes to 310.20 EUR.',
  ],
  [
    'extraction',
    'List every person and company named in the text as JSON.\n\nAnna Berg left Volvo for Scania in March.',
  ],
  [
    'summarization',
    'Summarize the following meeting notes in three bullet points.\n\nWe discussed the launch. Marketing needs two more weeks. Finance agreed.',
  ],
  [
    'summarization',
    'Give me a TL;DR of this thread:\nBob: the build is red. Ann: I fixed it. Bob: green again, thanks.',
  ],
  ['translation', 'Translate into French: "The train leaves at noon."'],
  ['translation', 'Please translate this paragraph to Japanese.\n\nOur shop is closed on Sundays.'],
  ['code', 'Write a Python function that removes duplicates from a list while keeping the order.'],
  ['code', 'Fix the bug in this JavaScript:\n```\nfunction add(a, b) { return a - b; }\n```'],
  ['code', 'Write a SQL query that returns the ten customers with the highest revenue in 2025.'],
  ['writing', 'Write a short poem about autumn in the city.'],
  ['writing', 'Draft a polite e-mail to my landlord asking for the heating to be repaired.'],
  ['chat', 'Hi there! How is your day going?'],
  ['chat', 'Can you recommend a good weekend trip near the sea?'],
  [
    'word-problem',
    'Mia buys 4 boxes of 12 pencils and gives away 9 pencils. How many pencils does she have left?',
  ],
  [
    'word-problem',
    'A bus has 40 seats. 15 people get off and 8 get on. If 30 were on it before, how many seats are free?',
  ],
  ['mathematics', 'Let f(x) = x^3 - 3x + 1. Find the sum of the squares of the roots of $f$.'],
  [
    'law',
    'A landowner granted an easement to a neighbor by deed. The court must decide whether the buyer, who had no notice, takes free of it. The plaintiff should\nA. win\nB. lose\nAnswer:',
  ],
];

const OWN_WORDS = /zyzzyva|quokka|bandersnatch/;

describe('readTask', () => {
  it('tells everyday requests apart that it was not taught', () => {
    const wrong = EVERYDAY.filter(([kind, text]) => {
      return readTask(aConversation({ messages: [user(text)] })).task !== kind;
    });

    expect(wrong.map(([kind, text]) => `${kind}: ${text}`).length).toBeLessThanOrEqual(
      EVERYDAY.length / 10,
    );
  });

  it('says how sure it is, what else it may be, and what spoke for it', () => {
    const text = 'Write a Python function that returns the longest word of a list. Include tests.';

    const { task, reading } = readTask(aConversation({ messages: [user(text)] }));

    expect(task).toBe('code');
    expect(reading?.confidence).toBeGreaterThan(0.8);
    expect(reading?.shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 2);
    expect(reading?.evidence.map(({ feature }) => feature)).toContain('words of code');
    expect(reading?.evidence.every(({ weight }) => weight > 0)).toBe(true);
  });

  it('names features and never words of the text', () => {
    const text = 'Summarize the zyzzyva report: the quokka ate the bandersnatch.';

    const told = JSON.stringify(readTask(aConversation({ messages: [user(text)] })));

    expect(told).not.toMatch(OWN_WORDS);
  });

  it('reads the last thing that the user wrote, behind the instructions', () => {
    const messages: Message[] = [
      { role: 'system', content: [{ type: 'text', text: 'You classify tickets by topic.' }] },
      user('Write a haiku about rain.'),
      { role: 'assistant', content: [{ type: 'text', text: 'Rain…' }] },
      user('Translate the haiku into German: "Rain on the tin roof, evening comes without a word"'),
    ];

    expect(readTask(aConversation({ messages })).task).toBe('translation');
  });

  it.each([
    ['tools that are offered', { tools: [{ name: 'look', parameters: {} }] }],
    [
      'tools that have answered',
      {
        messages: [
          user('Look'),
          {
            role: 'tool' as const,
            content: [
              {
                type: 'tool-result' as const,
                toolCallId: 'c',
                toolName: 'look',
                content: [],
                isError: false,
              },
            ],
          },
        ],
      },
    ],
  ])('takes %s for the kind, whatever is said', (_, fields) => {
    expect(readTask(aConversation(fields as Parameters<typeof aConversation>[0]))).toEqual({
      task: 'tool-use',
    });
  });

  it.each([
    ['no conversation', undefined],
    ['no text', aConversation({ messages: [user(' ')] })],
  ])('concludes nothing from %s', (_, conversation) => {
    expect(readTask(conversation)).toEqual({ task: 'general' });
  });

  it('looks at a bounded part of a text, however long it is', () => {
    const long = `Translate into Spanish: ${'word '.repeat(200_000)}`;

    expect(readText(long, taskModel())).toEqual(
      readText(`${long.slice(0, 10_000)}${long.slice(-10_000)}`, taskModel()),
    );
  });
});

describe('the learned weights', () => {
  it('take at most 128 KB of the bundle', () => {
    expect(JSON.stringify(TASK_WEIGHTS).length).toBeLessThanOrEqual(128 * 1024);
  });

  it.each([
    ['cut', { ...TASK_WEIGHTS, bytes: TASK_WEIGHTS.bytes.slice(0, -4) }],
    ['changed', { ...TASK_WEIGHTS, bytes: `AAAA${TASK_WEIGHTS.bytes.slice(4)}` }],
  ])('are refused when they were %s', (_, packed) => {
    expect(() => unpackTaskModel(packed)).toThrow('npm run train');
  });
});
