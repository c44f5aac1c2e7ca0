import type { Difference } from './json-differences.ts';

/** A way in which a request may arrive otherwise than it was written, and why that says the same. */
export type AllowedDifference = {
  readonly name: string;
  readonly path: RegExp;
  readonly holds: (difference: Difference) => boolean;
};

const isGone = ({ after }: Difference): boolean => after === undefined;
const isAdded = ({ before }: Difference): boolean => before === undefined;
const isAny = (): boolean => true;

/** Nothing said: no value, an empty text, an empty list. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || isEmptyList(value);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** For requests that are forwarded as they came, with only the changed fields patched. */
export const FORWARDED: readonly AllowedDifference[] = [
  {
    name: 'stream: false is the default and is left out',
    path: /^stream$/,
    holds: ({ before, after }) => before === false && after === undefined,
  },
  {
    name: 'usage is always asked for in a stream, but of vendors that send it unasked',
    path: /^stream_options/,
    holds: isAny,
  },
  {
    name: 'the output limit stands in the field that the vendor knows',
    path: /^max_(?:completion_)?tokens$/,
    holds: isAny,
  },
  {
    name: 'Azure names the model in the path; the v1 address takes it in the body',
    path: /^model$/,
    holds: isAdded,
  },
  {
    name: "OpenRouter's routing words are the router's own",
    path: /^provider$/,
    holds: isGone,
  },
  {
    name: 'a vendor that is told to reason by thinking gets it beside the effort',
    path: /^thinking$/,
    holds: isAdded,
  },
  {
    name: 'a vendor that demands reasoning with tool calls gets an empty one',
    path: /^messages\.\d+\.reasoning_content$/,
    holds: ({ before, after }) => before === undefined && after === '',
  },
];

/** For requests that are built anew from the conversation. */
export const TRANSLATED: readonly AllowedDifference[] = [
  ...FORWARDED,
  {
    name: 'a content of one text is that text',
    path: /^messages\.\d+\.content$/,
    holds: ({ before, after }) =>
      JSON.stringify(textsOf(before)) === JSON.stringify(textsOf(after)),
  },
  {
    name: 'a turn that only calls tools says nothing, in any spelling',
    path: /^messages\.\d+\.content$/,
    holds: ({ before, after }) => isNothing(before) && isNothing(after),
  },
  {
    name: 'system is the word for developer',
    path: /^messages\.\d+\.role$/,
    holds: ({ before, after }) => before === 'developer' && after === 'system',
  },
  {
    name: 'one stop sequence is a list of one',
    path: /^stop$/,
    holds: ({ before, after }) => JSON.stringify([before]) === JSON.stringify(after),
  },
  {
    name: 'text is the default format',
    path: /^response_format$/,
    holds: ({ before }) => JSON.stringify(before) === '{"type":"text"}',
  },
  {
    name: 'an empty list of tools is none',
    path: /^tools$/,
    holds: ({ before }) => isEmptyList(before),
  },
  {
    name: 'calls are only parallel or not where there are tools',
    path: /^parallel_tool_calls$/,
    holds: isGone,
  },
  {
    name: 'a call stands in its list; its index says nothing more',
    path: /^messages\.\d+\.tool_calls\.\d+\.index$/,
    holds: isGone,
  },
  {
    name: 'effort is said in the words of the vendor',
    path: /^reasoning(?:_effort)?$/,
    holds: isAny,
  },
  {
    name: "what only the caller's own dialect knows is lost in a translation",
    path: /^(?:user|service_tier|moderation|random_seed|search_context_size|thinking)$/,
    holds: isGone,
  },
  {
    name: 'who speaks, and what a client added for itself, is lost in a translation',
    path: /^(?:messages\.\d+\.name|tools\.\d+\.(?:cache_control|function\.\w+))$/,
    holds: isGone,
  },
];

function textsOf(content: unknown): readonly unknown[] {
  const parts: readonly unknown[] = Array.isArray(content)
    ? content
    : [{ type: 'text', text: content }];
  return parts.map((part) => {
    const { type, text } = Object(part);
    return { type, text };
  });
}

/** The differences that none of the rules allows, one line each. */
export function notAllowed(
  differences: readonly Difference[],
  rules: readonly AllowedDifference[],
): readonly string[] {
  return differences
    .filter((difference) => !rules.some((rule) => allows(rule, difference)))
    .map(
      ({ path, before, after }) => `${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
    );
}

export function allows({ path, holds }: AllowedDifference, difference: Difference): boolean {
  return path.test(difference.path) && holds(difference);
}
