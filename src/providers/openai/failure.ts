/** The dialect's errors, and those of the vendors that speak it, are what the shared reading knows. */
export { fromErrorInBody, toFailure } from '../error-body.ts';
