import { RouterError } from '../domain/errors.ts';
import type { AppPorts } from './context.ts';

/** A fault of ours is logged by its name and place: its message may hold somebody's text. */
export function toRouterError(
  error: unknown,
  { telemetry }: Pick<AppPorts, 'telemetry'>,
): RouterError {
  if (error instanceof RouterError) return error;
  const { name, stack } = error instanceof Error ? error : new Error(typeof error);
  const place = stack?.split('\n').slice(1, 6).join('\n');
  telemetry.emit({ event: 'platform_fault', part: 'worker', error: name, place });
  return new RouterError('internal_error', 'the router failed; nothing was charged twice');
}
