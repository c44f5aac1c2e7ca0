/**
 * Node drops what has come for a branch and was not read yet when the source breaks; the Workers
 * runtime gives it first, and breaks the branch behind it. The meter of a native stream needs that.
 */
export function teeLikeWorkers(
  source: ReadableStream<Uint8Array>,
): [ReadableStream<Uint8Array>, ReadableStream<Uint8Array>] {
  const reader = source.getReader();
  const queues: Uint8Array<ArrayBuffer>[][] = [[], []];
  let end: { readonly error?: unknown } | undefined;
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    try {
      const { done, value } = await reader.read();
      if (done) end = {};
      else for (const queue of queues) queue.push(value.slice());
    } catch (error) {
      end = { error };
    } finally {
      reading = undefined;
    }
  };
  const cancelled = new Set<Uint8Array[]>();
  const branchOf = (queue: Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array> =>
    new ReadableStream(
      {
        type: 'bytes',
        pull: async (controller) => {
          while (queue.length === 0 && end === undefined) {
            reading ??= read();
            await reading;
          }
          const chunk = queue.shift();
          if (chunk !== undefined) return controller.enqueue(chunk);
          if (end !== undefined && 'error' in end) return controller.error(end.error);
          controller.close();
          controller.byobRequest?.respond(0);
        },
        cancel: async (reason) => {
          cancelled.add(queue);
          if (cancelled.size === queues.length) await reader.cancel(reason);
        },
      },
      { highWaterMark: 0 },
    );
  const [first = [], second = []] = queues;
  return [branchOf(first), branchOf(second)];
}
