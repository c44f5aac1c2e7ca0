import type { RoutableModel } from '../../src/domain/model.ts';
import { createApp } from '../../src/ingest/app.ts';
import { MultiModelRouter } from '../../src/router.ts';
import { settle } from './fake-clock.ts';
import type { Script } from './fake-transport.ts';
import { fakePorts } from './fakes.ts';

const KEY = 'test-key';

/** The whole app over fakes: these models, whose providers answer by script. */
export function anApp(models: readonly RoutableModel[], scripts: readonly Script[] = []) {
  const ports = fakePorts(models, scripts);
  const router = new MultiModelRouter(ports);
  const app = createApp({ ...ports, router, routerKeys: [KEY], allowedOrigins: new Set() });
  /** What the app says to a body, while time passes. */
  const post = async (path: string, body: object) => {
    const answering = read(
      app.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': KEY },
        body: JSON.stringify(body),
      }),
    );
    let isAnswered = false;
    const note = (): void => {
      isAnswered = true;
    };
    answering.then(note, note);
    while (!isAnswered) {
      await settle();
      // Keys are compared by the platform, in a time that is not the clock's.
      if (ports.clock.waiting > 0) await ports.clock.advance(TICK_MS);
    }
    return await answering;
  };
  return { post, ...ports };
}

/** Less than any limit in time. */
const TICK_MS = 50;

async function read(answer: Response | Promise<Response>) {
  const response = await answer;
  return { status: response.status, headers: response.headers, text: await response.text() };
}
