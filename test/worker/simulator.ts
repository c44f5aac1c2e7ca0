import type { SimulatedCall } from '../simulator/calls.ts';
import type { PlanRule } from '../simulator/plan.ts';
import { bindings } from './bindings.ts';

/** What the simulator does with the calls from now on; the calls so far are forgotten. */
export async function playFaults(rules: readonly PlanRule[]): Promise<void> {
  await control('POST', 'reset');
  await control('PUT', 'plan', { rules });
}

/** The calls since the plan was set, as the providers saw them. */
export async function playedCalls(): Promise<readonly SimulatedCall[]> {
  const response = await control('GET', 'calls');
  return (await response.json<{ calls: readonly SimulatedCall[] }>()).calls;
}

function control(method: string, name: string, body?: object): Promise<Response> {
  const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return fetch(`${bindings.SIMULATOR_URL}/__simulator/${name}`, init);
}
