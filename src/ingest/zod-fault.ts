import type * as z from 'zod';
import { RouterError } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';

/**
 * The first fault that a schema found, as the caller's 400: which field, what is wrong, and for an
 * unknown field which one was probably meant.
 */
export function invalidRequest(
  error: z.ZodError,
  path: string,
  known: readonly string[] = [],
): RouterError {
  const issue = deepest(error.issues[0]);
  const field = [path, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    const close = nearest(name, known);
    const hint = close === undefined ? `known are ${known.join(', ')}` : `did you mean "${close}"?`;
    const full = field === '' ? name : `${field}.${name}`;
    return new RouterError('invalid_request', `${full} is not known; ${hint}`, { field: full });
  }
  return new RouterError('invalid_request', `${field}: ${issue?.message ?? 'not valid'}`, {
    field,
  });
}

type Issue = z.core.$ZodIssue;

/** Of a union, the branch that came furthest tells most. */
function deepest(issue: Issue | undefined): Issue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const branches = issue.errors.map((branch) => deepest(branch[0])).filter((inner) => !!inner);
  const furthest = branches.reduce<Issue | undefined>(
    (best, inner) => (best === undefined || inner.path.length > best.path.length ? inner : best),
    undefined,
  );
  if (furthest === undefined || furthest.path.length === 0) return issue;
  return { ...furthest, path: [...issue.path, ...furthest.path] };
}
