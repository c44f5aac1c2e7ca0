import type { JsonText } from '../../domain/json-text.ts';
import type { Registry } from '../../domain/registry.ts';

/**
 * Whether a body with `input` asks for vectors rather than for a response, where the path does not say:
 * by fields and forms that only this dialect has, or by the model. A body that could be either does not.
 */
export function isEmbeddingsBody(body: JsonText, { modelById }: Registry): boolean {
  if (body.members.has('dimensions') || body.members.has('encoding_format')) return true;
  const { input, model } = body.value;
  const isList = Array.isArray(input);
  // The items of a response are objects.
  if (isList && input.every((item) => typeof item !== 'object' || Array.isArray(item))) return true;
  return modelById.get(String(model))?.capability.embedding !== undefined;
}
