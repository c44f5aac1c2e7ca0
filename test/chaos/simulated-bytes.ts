/** A body over a connection: a stream of bytes that fails when one of its ends is gone. */
export function overConnection(
  body: ReadableStream<Uint8Array>,
  broken: AbortSignal,
  onCancel: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let isOver = false;
  const letGo = (): void => {
    isOver = true;
    reader.cancel().catch(() => undefined);
  };
  return new ReadableStream({
    type: 'bytes',
    start: (controller) => {
      const fail = (): void => {
        if (isOver) return;
        letGo();
        controller.error(broken.reason);
      };
      if (broken.aborted) fail();
      else broken.addEventListener('abort', fail, { once: true });
    },
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (isOver) return;
        if (!done) return controller.enqueue(new Uint8Array(value));
        isOver = true;
        controller.close();
        // A read into a buffer that is under way ends with it.
        controller.byobRequest?.respond(0);
      } catch (error) {
        if (isOver) return;
        isOver = true;
        controller.error(error);
      }
    },
    cancel: () => {
      letGo();
      onCancel();
    },
  });
}
