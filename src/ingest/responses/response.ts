import { isJsonObject } from '../../domain/json.ts';
import { patchJsonText, readJsonText } from '../../domain/json-text.ts';
import type { ModelResponse, ResponsePart } from '../../domain/response.ts';
import { toCost } from '../cost.ts';
import type { DialectRequest, OutgoingAnswer } from '../dialect.ts';
import { toFrame } from './frame.ts';
import { type ContentPart, OutputItems } from './output-items.ts';
import { carriesReasoning } from './reasoning.ts';
import { statusOfFinish } from './status.ts';
import { toUsage } from './usage.ts';

/** The answer as a Responses object. A provider's own text keeps every field that we do not set. */
export function toResponsesBody(answer: OutgoingAnswer, request: DialectRequest): string {
  const { head, response, bill, routing } = answer;
  const extra = routing === undefined ? {} : { routing };
  const native = answer.nativeBody === undefined ? undefined : readJsonText(answer.nativeBody);
  if (native !== undefined && 'members' in native) {
    const reported = native.value['usage'];
    const usage = isJsonObject(reported) ? { ...reported, ...toCost(bill) } : toUsage(bill);
    return patchJsonText(native, () => true, { model: head.model, usage, ...extra });
  }
  const { conversation } = request;
  const { fields } = statusOfFinish(response.finishReason);
  return JSON.stringify({
    ...toFrame(head, conversation),
    ...fields,
    output: toOutput(response, head.requestId, carriesReasoning(conversation)),
    usage: toUsage(bill),
    ...extra,
  });
}

/** The items that a stream of the same parts would end with. */
function toOutput(response: ModelResponse, requestId: string, carries: boolean) {
  const items = new OutputItems({ requestId, carries });
  let calls = 0;
  for (const part of response.content) {
    const index = part.type === 'tool-call' ? calls++ : 0;
    for (const piece of toPieces(part, index)) items.write(piece);
  }
  items.end(statusOfFinish(response.finishReason).lastItem);
  return items.items;
}

function toPieces(part: ResponsePart, index: number): ContentPart[] {
  switch (part.type) {
    case 'text':
      return [{ ...part, type: 'text-delta' }];
    case 'reasoning':
      return [{ ...part, type: 'reasoning-delta' }];
    case 'refusal':
      return [{ ...part, type: 'refusal-delta' }];
    case 'citation':
      return [part];
    case 'tool-call': {
      const { arguments: json, ...call } = part;
      return [
        { ...call, type: 'tool-call-start', index },
        { type: 'tool-call-delta', index, arguments: json },
      ];
    }
  }
}
