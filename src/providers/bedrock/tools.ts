import type { AssistantPart, Conversation, Tool, ToolChoice } from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ModelCall } from '../../domain/ports.ts';
import { familyOf } from './family.ts';
import { cacheMark } from './messages.ts';

/** `toolConfig`, where the request needs one. An empty one is refused. */
export function toolFields(call: ModelCall, warnings: Warning[]): JsonObject {
  const { conversation } = call;
  const { tools, toolChoice } = conversation;
  const mayCall = tools.length > 0 && toolChoice?.type !== 'none';
  if (!mayCall) return usedToolFields(call, warnings);
  const choice = toWireChoice(toolChoice);
  return {
    toolConfig: { tools: toWireTools(call, warnings), ...(choice && { toolChoice: choice }) },
  };
}

/**
 * There is no choice `none`: tools that must not be called are not offered. A conversation that holds
 * calls needs its tools all the same, and then the model could call one.
 */
function usedToolFields(call: ModelCall, warnings: Warning[]): JsonObject {
  const { conversation } = call;
  const names = calledNames(conversation);
  if (names.length === 0) {
    if (conversation.tools.length > 0) warnings.push(NOT_OFFERED);
    return {};
  }
  warnings.push(CANNOT_FORBID);
  if (conversation.tools.length > 0) return { toolConfig: { tools: toWireTools(call, warnings) } };
  const inputSchema = { json: { type: 'object' } };
  return { toolConfig: { tools: names.map((name) => ({ toolSpec: { name, inputSchema } })) } };
}

const NOT_OFFERED: Warning = {
  type: 'changed',
  field: 'tool_choice',
  message: 'the tools were not offered, since none may be called',
};

const CANNOT_FORBID: Warning = {
  type: 'changed',
  field: 'tool_choice',
  message: 'the tools of earlier calls had to be offered again: the model may call one',
};

function calledNames({ messages }: Conversation): readonly string[] {
  const names = messages.flatMap((message) =>
    message.role === 'assistant' ? message.content.flatMap(calledName) : [],
  );
  return [...new Set(names)];
}

function calledName(part: AssistantPart): string[] {
  return part.type === 'tool-call' ? [part.name] : [];
}

function toWireTools(call: ModelCall, warnings: Warning[]): JsonObject[] {
  const { tools } = call.conversation;
  const takesStrict = call.model.capability.structuredOutput;
  if (!takesStrict && tools.some(({ strict }) => strict === true)) warnings.push(NOT_STRICT);
  const family = familyOf(call.model);
  return tools.flatMap((tool) => [
    { toolSpec: toWireSpec(tool, takesStrict) },
    // Nova takes cache marks everywhere but here.
    ...(family === 'claude' ? cacheMark(tool, family) : []),
  ]);
}

const NOT_STRICT: Warning = {
  type: 'changed',
  field: 'tools',
  message: 'strict tools were sent as ordinary ones: arguments are not forced into their schema',
};

function toWireSpec(
  { name, description, parameters, strict }: Tool,
  takesStrict: boolean,
): JsonObject {
  return {
    name,
    ...(description ? { description } : {}),
    inputSchema: { json: { type: 'object', ...parameters } },
    ...(takesStrict && strict === true ? { strict } : {}),
  };
}

function toWireChoice(choice: ToolChoice | undefined): JsonObject | undefined {
  if (choice === undefined || choice.type === 'none') return undefined;
  if (choice.type === 'tool') return { tool: { name: choice.name } };
  return choice.type === 'required' ? { any: {} } : { auto: {} };
}
