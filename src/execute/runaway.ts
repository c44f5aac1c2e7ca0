import type { AttemptFailure } from '../domain/failure.ts';
import type { AttemptOrder } from './attempt.ts';
import type { StreamTally } from './tally.ts';

/** Four times what a token of any script has on average, so that no answer within its limit is cut. */
const MOST_CHARACTERS_PER_TOKEN = 16;

/** Whether a stream has brought more than its model can write: it may never end (F61). */
export function isRunaway({ model }: AttemptOrder, { outputCharacters }: StreamTally): boolean {
  return outputCharacters > model.capability.outputTokens * MOST_CHARACTERS_PER_TOKEN;
}

/** It says nothing of the model's health: the answer so far is what its limit allows. */
export const RUNAWAY: AttemptFailure = {
  kind: 'content',
  code: 'runaway_output',
  message: 'the answer went on beyond the limit of its model',
  status: 200,
  accepted: 'yes',
};
