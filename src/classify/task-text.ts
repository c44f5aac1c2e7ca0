import type { Conversation, Message } from '../domain/conversation.ts';

/** Instructions that stand for all requests say less of one than its own words. */
const SYSTEM_CHARACTERS = 600;

/**
 * What tells the kind of work: the last thing that the user wrote, behind the head of the instructions.
 * Where the user writes nothing (images alone) only the instructions.
 */
export function taskTextOf({ messages }: Conversation): string {
  const asked = textOf(messages.findLast(({ role }) => role === 'user'));
  const system = textOf(messages.find(({ role }) => role === 'system')).slice(0, SYSTEM_CHARACTERS);
  if (system === '') return asked;
  return asked === '' ? system : `${system}\n${asked}`;
}

function textOf(message: Message | undefined): string {
  if (message === undefined) return '';
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}
