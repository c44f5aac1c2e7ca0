import * as z from 'zod';
import { teeLikeWorkers } from './tee-like-workers.ts';

// The Workers runtime allows no generated code: schemas are interpreted there, so they are here.
z.config({ jitless: true });

ReadableStream.prototype.tee = function tee() {
  return teeLikeWorkers(this);
};

// The Workers runtime has it; Node has it from version 21 on.
Map.groupBy ??= <Key, Item>(items: Iterable<Item>, keyOf: (item: Item, at: number) => Key) => {
  const groups = new Map<Key, Item[]>();
  let at = 0;
  for (const item of items) {
    const key = keyOf(item, at++);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
};
