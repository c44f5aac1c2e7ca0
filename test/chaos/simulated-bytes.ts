/** One connection: whoever is at its ends breaks it with the controller. */
export type Connection = {
  readonly broken: AbortController;
  /** Nothing more comes, whatever the reason. */
  onOver(): void;
  /** Resolves when the reader is to hear of a fault; at once by default. */
  beforeFault?(): Promise<void>;
};

/** A body over a connection: a stream of bytes that fails when the connection breaks. */
export function overConnection(
  body: ReadableStream<Uint8Array>,
  { broken, onOver, beforeFault }: Connection,
): ReadableStream<Uint8Array> {
  const { signal } = broken;
  const reader = body.getReader();
  let isOver = false;
  const finish = (): void => {
    isOver = true;
    onOver();
  };
  return new ReadableStream({
    type: 'bytes',
    start: (controller) => {
      const fail = (): void => {
        if (isOver) return;
        finish();
        reader.cancel().catch(() => undefined);
        controller.error(signal.reason);
      };
      if (signal.aborted) fail();
      else signal.addEventListener('abort', fail, { once: true });
    },
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (isOver) return;
        if (!done) return controller.enqueue(new Uint8Array(value));
        finish();
        controller.close();
        // A read into a buffer that is under way ends with it.
        controller.byobRequest?.respond(0);
      } catch (error) {
        await beforeFault?.();
        if (isOver) return;
        finish();
        controller.error(error);
      }
    },
    cancel: () => {
      finish();
      reader.cancel().catch(() => undefined);
      broken.abort(new Error('nobody reads on'));
    },
  });
}

/** What the work comes to, unless the connection breaks before. */
export function unlessBroken<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    work.then(resolve, reject);
    const fail = (): void => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
