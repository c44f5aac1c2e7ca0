import type { Tool, ToolChoice } from '../../domain/conversation.ts';
import { mediaSource } from '../media.ts';
import type { FunctionToolBody, ResponsesBody, ToolBody, ToolChoiceBody } from './body.ts';
import type { Findings } from './findings.ts';

type Offer = {
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice | undefined;
};

/**
 * The caller's own tools, and how they are to be chosen from. A choice among some of them offers only
 * those; tools that the provider runs need a provider of this dialect.
 */
export function toOffer(
  { tools: bodies, tool_choice: choice }: Pick<ResponsesBody, 'tools' | 'tool_choice'>,
  findings: Findings,
): Offer {
  const tools = (bodies ?? []).flatMap((body, at) => toTool(body, `tools.${at}`, findings));
  if (typeof choice !== 'object' || choice === null || choice.type !== 'allowed_tools') {
    return { tools, toolChoice: toToolChoice(choice, findings) };
  }
  const allowed = new Set(choice.tools.map(({ name }) => name));
  const offered = tools.filter(({ name }) => allowed.has(name));
  return { tools: offered, toolChoice: { type: choice.mode } };
}

function toTool(body: ToolBody, field: string, findings: Findings): Tool[] {
  if (isFunction(body)) return [toFunction(body)];
  const { type, server_url: url } = body;
  // The provider will call the address as it does that of an image.
  if (url) mediaSource(url, `${field}.server_url`);
  findings.indispensable.add(type);
  if (RUN_BY_CALLER.has(type)) return [];
  const message = `${type} is run by the provider: its own fees are not part of usage.cost`;
  findings.warnings.add({ type: 'changed', field: 'tools', message });
  return [];
}

function isFunction(body: ToolBody): body is FunctionToolBody {
  return body.type === 'function';
}

/** Tools in forms that only this dialect has, which cost nothing but tokens. */
const RUN_BY_CALLER = new Set([
  'apply_patch',
  'computer',
  'computer_use_preview',
  'custom',
  'local_shell',
  'namespace',
  'shell',
  'tool_search',
]);

function toFunction({ name, description, parameters, strict }: FunctionToolBody): Tool {
  return {
    name,
    description: description ?? undefined,
    parameters: parameters ?? { type: 'object', properties: {} },
    ...(typeof strict === 'boolean' && { strict }),
  };
}

type OtherChoice = Exclude<ToolChoiceBody, { readonly type: 'allowed_tools' }>;

function toToolChoice(
  choice: OtherChoice | null | undefined,
  { indispensable }: Findings,
): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') return { type: choice };
  if (choice.type === 'function') return { type: 'tool', name: choice.name };
  indispensable.add(choice.name);
  return undefined;
}
