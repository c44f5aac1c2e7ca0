import { RouterError } from '../../domain/errors.ts';
import type { JsonText } from '../../domain/json-text.ts';

const SEND_ITEMS =
  'send the earlier items in input, the output of each answer included; with include ["reasoning.encrypted_content"] its reasoning comes along';

type Refused = {
  readonly field: string;
  /** What the field must not be; anything but `null` by default. */
  readonly value?: boolean;
  readonly message: string;
};

/** What needs a server that remembers: the router keeps no conversation. */
const REFUSED: readonly Refused[] = [
  { field: 'store', value: true, message: `no answer is stored: leave it out, and ${SEND_ITEMS}` },
  { field: 'previous_response_id', message: `no answer is stored: ${SEND_ITEMS}` },
  { field: 'conversation', message: `no conversation is stored: ${SEND_ITEMS}` },
  {
    field: 'background',
    value: true,
    message: 'no answer is stored that could be fetched later: leave it out, and stream the answer',
  },
  {
    field: 'prompt',
    message:
      'templates are stored at one provider: send their text as instructions and input instead',
  },
];

/** @throws RouterError `invalid_request` that says what to do instead. */
export function refuseStored(body: JsonText): void {
  for (const { field, value, message } of REFUSED) {
    const given = body.value[field];
    const isRefused = value === undefined ? given !== undefined && given !== null : given === value;
    if (isRefused) throw new RouterError('invalid_request', `${field}: ${message}`, { field });
  }
}

/** A reference in the place of an item. */
export function storedItem(field: string): RouterError {
  const message = `${field}: no item is stored that could be referred to: send the item itself`;
  return new RouterError('invalid_request', message, { field });
}
