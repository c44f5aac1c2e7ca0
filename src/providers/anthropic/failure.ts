/** Errors of the Messages API, direct or behind Vertex and Azure, are what the shared reading knows. */
export { fromErrorInBody, toFailure } from '../error-body.ts';
