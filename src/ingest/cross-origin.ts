import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { RouterError } from '../domain/errors.ts';
import type { AppEnv } from './context.ts';

const EXPOSED_HEADERS = [
  'x-router-request-id',
  'x-router-model',
  'x-router-provider',
  'x-router-reason',
  'x-router-attempts',
  'x-router-fallbacks',
  'x-router-registry',
  'x-router-token-count',
  'x-router-cost-usd',
  'x-router-warnings',
  'x-should-retry',
  'retry-after',
  'x-request-id',
  'request-id',
  'server-timing',
];
const PREFLIGHT_SECONDS = 86_400;

/**
 * Browsers may call from exact origins only; never with cookies. A request that carries another
 * origin is refused even when its key is right: a key that leaked into a page is of no use there.
 */
export function crossOrigin(allowed: ReadonlySet<string>): MiddlewareHandler<AppEnv> {
  const answer = cors({
    origin: (origin) => (allowed.has(origin) ? origin : null),
    allowMethods: ['GET', 'POST'],
    exposeHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
  return async (context, next) => {
    const origin = context.req.header('origin');
    if (origin !== undefined && !allowed.has(origin)) {
      const message = `origin ${origin.slice(0, 200)} is not in ALLOWED_ORIGINS`;
      throw new RouterError('origin_not_allowed', message);
    }
    return await answer(context, next);
  };
}
