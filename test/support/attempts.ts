import type { Conversation } from '../../src/domain/conversation.ts';
import { type AttemptOrder, attempt, silent } from '../../src/execute/attempt.ts';
import { openGuard } from '../../src/execute/guard.ts';
import { adapterOf } from '../../src/providers/index.ts';
import { aCall, aConversation, aModel } from './builders.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeTransport, type Script } from './fake-transport.ts';
import { FakeBreakers } from './fakes.ts';
import { aCandidate } from './plans.ts';

export type GivenOrder = {
  readonly conversation?: Partial<Conversation>;
  readonly order?: Partial<AttemptOrder>;
};

/** One attempt at a provider that does what the script says. */
export function anOrder(script: Script, given: GivenOrder = {}) {
  const clock = new FakeClock();
  const transport = new FakeTransport(clock, [script]);
  const caller = new AbortController();
  const breakers = new FakeBreakers();
  const model = aModel('openai/m1');
  const permit = breakers.acquire(model.id);
  if (permit === undefined) throw new Error('the breaker is closed');
  const order: AttemptOrder = {
    number: 1,
    candidate: aCandidate(model),
    model,
    adapter: adapterOf('openai'),
    call: aCall({ model, conversation: aConversation(given.conversation) }),
    permit,
    guard: openGuard(clock, caller.signal),
    firstContent: { limitMs: 10_000, failure: silent(10_000) },
    slowMarkMs: 10_000,
    takesEmpty: false,
    ...given.order,
  };
  const run = () => clock.run(attempt(order, { transport, clock }));
  return { run, clock, caller, transport, answers: breakers.permits[0]?.answers, order };
}
