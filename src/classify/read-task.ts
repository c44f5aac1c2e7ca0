import type { Conversation } from '../domain/conversation.ts';
import type { Requirement } from '../domain/decision.ts';
import { GENERAL_TASK, TOOL_USE } from '../domain/task.ts';
import { readText } from './read-text.ts';
import { type TaskModel, unpackTaskModel } from './task-model.ts';
import { taskTextOf } from './task-text.ts';
import { TASK_WEIGHTS } from './task-weights.ts';

/** What kind of work a request is: told by its form where tools are in play, else read from its text. */
export function readTask(
  conversation: Conversation | undefined,
): Pick<Requirement, 'task' | 'reading'> {
  if (conversation === undefined) return { task: GENERAL_TASK };
  if (usesTools(conversation)) return { task: TOOL_USE };
  const text = taskTextOf(conversation);
  if (text.trim() === '') return { task: GENERAL_TASK };
  const reading = readText(text, taskModel());
  return { task: reading.shares[0]?.kind ?? GENERAL_TASK, reading };
}

function usesTools({ tools, messages }: Conversation): boolean {
  return tools.length > 0 || messages.some(({ role }) => role === 'tool');
}

let unpacked: TaskModel | undefined;

/** The learned weights, unpacked at the first request that is read and never changed. */
export function taskModel(): TaskModel {
  unpacked ??= unpackTaskModel(TASK_WEIGHTS);
  return unpacked;
}
