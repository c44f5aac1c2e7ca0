import type { ModelCall } from '../domain/ports.ts';
import { quirksOf } from './resolve-provider.ts';

/** A wire's own paths; a vendor's quirks may name others. `{model}` stands for the model's name. */
export type Paths = { readonly path: string; readonly streamPath?: string };

const MODEL = '{model}';

/** The address of a call. */
export function callUrl(call: ModelCall, paths: Paths): string {
  const { provider, upstreamModel } = call.model;
  const quirks = quirksOf(provider);
  const path = quirks.path ?? paths.path;
  const streamPath = quirks.streamPath ?? quirks.path ?? paths.streamPath ?? path;
  const chosen = call.conversation.stream ? streamPath : path;
  return provider.baseUrl + chosen.replace(MODEL, inPath(upstreamModel));
}

/** `@` stays: it parts a model from its version on Vertex, and needs no escape in a path. */
function inPath(upstreamModel: string): string {
  return encodeURIComponent(upstreamModel).replaceAll('%40', '@');
}
