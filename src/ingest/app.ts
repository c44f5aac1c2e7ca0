import { Hono } from 'hono';
import { RouterError } from '../domain/errors.ts';
import { answerConversation } from './answer-conversation.ts';
import { Authenticator } from './authenticate.ts';

import { chatCompletions } from './chat-completions/index.ts';
import type { AppContext, AppEnv, AppPorts } from './context.ts';
import { countTokens } from './count-tokens.ts';
import { crossOrigin } from './cross-origin.ts';
import type { ErrorWriter } from './dialect.ts';
import { dryRun } from './dry-run.ts';
import { embeddings } from './embeddings/index.ts';
import { errorHeaders, statusOf } from './error-status.ts';
import { findGeneration } from './generations.ts';
import { showHealth, showStatus } from './health.ts';
import { toMessagesError } from './messages/error.ts';
import { messages } from './messages/index.ts';
import { listModels, showModel } from './model-list.ts';
import { toOpenAiError } from './openai-error.ts';
import { responses } from './responses/index.ts';
import { toRouterError } from './router-error.ts';

/** The paths that exist, for telling a wrong method from a wrong path. */
const PATHS =
  /^\/(?:health|v1\/(?:chat\/completions|messages(?:\/count_tokens)?|responses|embeddings|route|status|models(?:\/.+)?|generations\/[^/]+))$/;

/** Ours, and those in which the official clients of OpenAI and Anthropic look for it. */
const REQUEST_ID_HEADERS = ['x-router-request-id', 'x-request-id', 'request-id'];

/** Every route and middleware, one line each, in the order in which a request meets them. */
export function createApp(ports: AppPorts): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const authenticator = new Authenticator(ports.routerKeys);

  app.use(async (context, next) => {
    context.set('requestId', ports.random.id());
    context.set('startedAt', ports.clock.now());
    for (const name of REQUEST_ID_HEADERS) context.header(name, context.var.requestId);
    await next();
  });
  app.use(crossOrigin(ports.allowedOrigins));
  app.get('/health', (context) => showHealth(context, ports));
  app.use('/v1/*', async (context, next) => {
    context.set('identity', await authenticator.authenticate(context.req.raw));
    await next();
  });
  app.post('/v1/chat/completions', (context) =>
    answerConversation(chatCompletions, context, ports),
  );
  app.post('/v1/messages', (context) => answerConversation(messages, context, ports));
  app.post('/v1/responses', (context) => answerConversation(responses, context, ports));
  app.post('/v1/embeddings', (context) => answerConversation(embeddings, context, ports));
  app.post('/v1/messages/count_tokens', (context) => countTokens(context, ports));
  app.post('/v1/route', (context) => dryRun(context, ports));
  app.get('/v1/models', (context) => listModels(context, ports));
  app.get('/v1/models/*', (context) => showModel(context, ports));
  app.get('/v1/generations/:id', (context) => findGeneration(context, ports));
  app.get('/v1/status', (context) => showStatus(context, ports));

  app.notFound((context) => answerError(unknownPath(context), context));
  app.onError((error, context) => answerError(toRouterError(error, ports), context));
  return app;
}

function unknownPath({ req }: AppContext): RouterError {
  return PATHS.test(req.path)
    ? new RouterError('method_not_allowed', `${req.method} is not for ${req.path}`)
    : new RouterError('not_found', `there is no ${req.method} ${req.path.slice(0, 200)}`);
}

/** The callers' dialects that have an error shape of their own; all other paths answer in OpenAI's. */
const ERROR_WRITERS: readonly (readonly [string, ErrorWriter])[] = [
  ['/v1/messages', toMessagesError],
];

function answerError(error: RouterError, context: AppContext): Response {
  const own = ERROR_WRITERS.find(([path]) => context.req.path.startsWith(path));
  const write = own?.[1] ?? toOpenAiError;
  const body = JSON.stringify(write(error, context.var.requestId));
  return new Response(body, {
    status: statusOf(error.code),
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(REQUEST_ID_HEADERS.map((name) => [name, context.var.requestId])),
      ...errorHeaders(error),
    },
  });
}
