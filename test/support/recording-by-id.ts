import { type Recording, recordingsOf } from './recordings.ts';

const chats = recordingsOf('openai-chat', 'anthropic-messages', 'gemini-generate');

/** One recording by its id, e.g. `xai.openai-chat.928819614f`. @throws Error when it is not there. */
export function recordingOf(id: string): Recording {
  const found = chats.find((recording) => recording.id === id);
  if (found === undefined) throw new Error(`no recording ${id}`);
  return found;
}

/** The recordings of a provider that satisfy a test, e.g. all of its streams. */
export function recordingsWhere(isMeant: (recording: Recording) => boolean): Recording[] {
  return chats.filter(isMeant);
}
