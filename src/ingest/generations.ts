import { RouterError } from '../domain/errors.ts';
import type { AppContext, AppPorts } from './context.ts';

const REQUEST_ID = /^[0-9a-f]{32}$/;

/** `GET /v1/generations/{id}`: one request of this tenant: decision, every attempt, cost. */
export async function findGeneration(context: AppContext, ports: AppPorts): Promise<Response> {
  const id = context.req.param('id') ?? '';
  const { tenant } = context.var.identity;
  const entry = REQUEST_ID.test(id) ? await ports.ledger.find(tenant, id) : undefined;
  if (entry === undefined) {
    const message = `there is no generation "${id.slice(0, 64)}"; the id is the header x-router-request-id of its answer`;
    throw new RouterError('generation_not_found', message);
  }
  return context.body(entry, 200, { 'content-type': 'application/json' });
}
