import { asObject } from '../prompt.ts';
import type { SimulatedWire } from '../wire.ts';
import { anthropicWire } from './anthropic.ts';

const MODEL = /\/models\/([^/:]+):(?:raw|streamRaw)Predict$/;

/** Anthropic Messages on Vertex: the path names the model, the body the version. */
export const vertexAnthropicWire: SimulatedWire = {
  ...anthropicWire,
  read: (body, url) => {
    const request = asObject(body);
    if (request['model'] !== undefined) {
      return { kind: 'invalid', message: 'model: Extra inputs are not permitted' };
    }
    if (request['anthropic_version'] !== 'vertex-2023-10-16') {
      return { kind: 'invalid', message: 'anthropic_version: Field required' };
    }
    const [, model = ''] = MODEL.exec(url.pathname) ?? [];
    return anthropicWire.read({ ...request, model: decodeURIComponent(model) }, url);
  },
};
