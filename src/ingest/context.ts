import type { Context } from 'hono';
import type { RouterPorts } from '../domain/ports.ts';
import type { MultiModelRouter } from '../router.ts';
import type { Identity } from './authenticate.ts';

/** What a request carries through the app. */
export type Variables = {
  requestId: string;
  /** Epoch milliseconds. */
  startedAt: number;
  identity: Identity;
};

export type AppEnv = { Variables: Variables };
export type AppContext = Context<AppEnv>;

/** What the endpoints need. */
export type AppPorts = RouterPorts & {
  readonly router: MultiModelRouter;
  readonly routerKeys: readonly string[];
  readonly allowedOrigins: ReadonlySet<string>;
};
