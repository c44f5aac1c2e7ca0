import { tokensByFamily } from '../../src/classify/measure-input.ts';

/** Estimates the text of the body as many times as the path says: time stands still in here. */
async function estimate(request: Request): Promise<Response> {
  const text = await request.text();
  const times = Number(new URL(request.url).pathname.slice(1));
  return Response.json(estimateTimes(text, times));
}

/** The tokens of all estimates together, so that none of them can be left out. */
export function estimateTimes(text: string, times: number): number {
  let tokens = 0;
  for (let time = 0; time < times; time++) tokens += tokensByFamily([text]).o200k.atMost;
  return tokens;
}

// biome-ignore lint/style/noDefaultExport: the Workers runtime reads the entry from the default export
export default { fetch: estimate };
