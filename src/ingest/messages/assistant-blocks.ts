import type { AssistantPart, Extras } from '../../domain/conversation.ts';
import { type Carried, isSealed, unseal } from '../carrier.ts';
import type { AssistantBlock } from './body.ts';
import { type Findings, ownExtras, toText } from './content-blocks.ts';

type Block<Type> = Extract<AssistantBlock, { readonly type: Type }>;

/**
 * What a model has said. A thinking block may be a carrier: then what it carries goes back to the part
 * that it came from.
 */
export function toAssistantParts(
  blocks: readonly AssistantBlock[],
  findings: Findings,
): AssistantPart[] {
  const parts: AssistantPart[] = [];
  let forNext: Extras = {};
  for (const block of blocks) {
    switch (block.type) {
      case 'text':
        if (block.text !== '') parts.push(toText(block));
        break;
      case 'thinking': {
        const carried = unseal(block.signature ?? '');
        if (carried?.on === 'next') forNext = carried.extras;
        else parts.push(...toThinking(block, carried, parts));
        break;
      }
      case 'redacted_thinking':
        parts.push({
          type: 'reasoning',
          text: '',
          extras: { anthropic: { redacted: block.data } },
        });
        break;
      case 'tool_use':
        parts.push(toToolCall(block, forNext));
        forNext = {};
        break;
      case 'other':
        findings.untranslatable.add(block.name);
    }
  }
  return parts;
}

/** Reasoning, or what a part before it has to get back; that part is taken out of `before`. */
function toThinking(
  { thinking: text, signature }: Block<'thinking'>,
  carried: Carried | undefined,
  before: AssistantPart[],
): AssistantPart[] {
  const extras = carried?.extras ?? {};
  const last = before.at(-1);
  switch (carried?.on) {
    case 'previous':
      if (last?.type !== 'text') return [];
      before.pop();
      return [{ ...last, extras: { ...last.extras, ...extras } }];
    case 'empty-text':
      return [{ type: 'text', text: '', extras }];
    default:
      return [{ type: 'reasoning', text, ...signedBy(signature, extras) }];
  }
}

/** A signature that is ours stands for what another provider gave; without any, only the text is left. */
function signedBy(signature: string | null | undefined, carried: Extras): { extras?: Extras } {
  if (Object.keys(carried).length > 0) return { extras: carried };
  return signature && !isSealed(signature) ? { extras: { anthropic: { signature } } } : {};
}

function toToolCall(block: Block<'tool_use'>, carried: Extras): AssistantPart {
  const { type: _, id, name, input, ...own } = block;
  const extras = { ...carried, ...ownExtras(own).extras };
  return {
    type: 'tool-call',
    id,
    name,
    arguments: JSON.stringify(input),
    ...(Object.keys(extras).length > 0 && { extras }),
  };
}
