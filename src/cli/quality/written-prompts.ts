import { TASK_KINDS, type TaskKind } from '../../domain/task.ts';
import { FILLINGS, PROMPT_TEMPLATES } from './prompt-templates.ts';

const PROMPTS_OF_KIND = 300;
const SHORT_CHARACTERS = 60;
const PLACE = /\{(text|short|[a-z]+)\}/g;

/** A text with the kind of work that it asks for. */
export type LabeledText = { readonly text: string; readonly kind: TaskKind };

/** Prompts from the templates, filled with `texts` and always the same. */
export function writtenPrompts(texts: readonly string[]): LabeledText[] {
  const random = sequence(5);
  return TASK_KINDS.flatMap((kind) => {
    const templates = PROMPT_TEMPLATES[kind] ?? [];
    const size = Math.min(PROMPTS_OF_KIND, templates.length * 20);
    return Array.from({ length: size }, () => {
      const passage = pick(texts, random);
      const text = pick(templates, random).replaceAll(PLACE, (place, name: string) => {
        if (name === 'text') return passage;
        if (name === 'short') return passage.slice(0, SHORT_CHARACTERS).trim();
        const fillings = FILLINGS[name];
        return fillings === undefined ? place : pick(fillings, random);
      });
      return { text, kind };
    });
  });
}

function pick(from: readonly string[], random: () => number): string {
  return from[Math.floor(random() * from.length)] ?? '';
}

/** Numbers from 0 to 1 that look random and are the same each time (mulberry32). */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
