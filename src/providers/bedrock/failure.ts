/** Errors of Bedrock name their class in a header, which the shared reading knows. */
export { fromErrorInBody, toFailure } from '../error-body.ts';
