import type { Conversation } from '../../src/domain/conversation.ts';
import type { Answer, Journey } from '../../src/domain/journey.ts';
import type { RoutableModel } from '../../src/domain/model.ts';
import type { Caller } from '../../src/domain/ports.ts';
import type { RoutingRequest } from '../../src/domain/request.ts';
import { MultiModelRouter } from '../../src/router.ts';
import { aConversation } from './builders.ts';
import { aCaller, fakePorts } from './fakes.ts';
import { readText } from './read-text.ts';

type Wishes = Omit<RoutingRequest, 'conversation'> & {
  readonly conversation?: Partial<Conversation>;
  readonly caller?: Partial<Caller>;
};

/** A router over these models, whose providers do what the scripts say. */
export function aRouter(
  models: readonly RoutableModel[],
  scripts: Parameters<typeof fakePorts>[1] = [],
) {
  const ports = fakePorts(models, scripts);
  const router = new MultiModelRouter(ports);
  const caller = aCaller();
  const journeyOf = ({ conversation, caller: fields, ...request }: Wishes): Journey => ({
    requestId: 'r1',
    request: { ...request, conversation: aConversation(conversation) },
    caller: { ...caller, ...fields },
    attribution: {
      tenant: 'owner',
      keyId: 'key_1',
      tags: ['team-a'],
      claimedUser: undefined,
      sessionId: undefined,
    },
    startedAt: ports.clock.now(),
  });
  const start = (wishes: Wishes = {}): Promise<Answer> =>
    ports.clock.run(router.answer(journeyOf(wishes)));
  return {
    router,
    ports,
    journeyOf,
    leave: () => caller.leave(),
    /** As far as the answer's head. @throws RouterError. */
    start,
    /** To the end of the books; a stream is read to its end. @throws RouterError. */
    run: async (wishes: Wishes = {}) => {
      const answer = await start(wishes);
      const text =
        answer.type === 'stream' ? await ports.clock.run(readText(answer.body)) : undefined;
      await ports.clock.run(Promise.all(ports.background.work));
      return { answer, text };
    },
  };
}
