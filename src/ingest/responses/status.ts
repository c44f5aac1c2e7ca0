import type { JsonObject } from '../../domain/json.ts';
import type { FinishReason } from '../../domain/response.ts';
import type { ItemStatus } from './output-event.ts';

/** How an answer ended, in the dialect's members. */
export type AnswerStatus = {
  readonly name: 'completed' | 'incomplete' | 'failed';
  /** Of the item that came last. */
  readonly lastItem: ItemStatus;
  readonly fields: JsonObject;
};

const COMPLETED: AnswerStatus = {
  name: 'completed',
  lastItem: 'completed',
  fields: { status: 'completed', error: null, incomplete_details: null },
};

export function statusOfFinish({ unified, raw }: FinishReason): AnswerStatus {
  switch (unified) {
    case 'stop':
    case 'tool-calls':
    case 'unknown':
      return COMPLETED;
    case 'length':
      return incomplete('max_output_tokens');
    case 'content-filter':
      return incomplete('content_filter');
    case 'error':
      return failed('server_error', `the model could not end its answer (${raw ?? 'no reason'})`);
  }
}

function incomplete(reason: string): AnswerStatus {
  return {
    name: 'incomplete',
    lastItem: 'incomplete',
    fields: { status: 'incomplete', error: null, incomplete_details: { reason } },
  };
}

export function failed(code: string, message: string): AnswerStatus {
  return {
    name: 'failed',
    lastItem: 'incomplete',
    fields: { status: 'failed', error: { code, message }, incomplete_details: null },
  };
}
