/** Google's errors, on the Gemini API and on Vertex, are what the shared reading knows. */
export { fromErrorInBody, toFailure } from '../error-body.ts';
