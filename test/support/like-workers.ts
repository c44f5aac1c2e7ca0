import * as z from 'zod';
import { teeLikeWorkers } from './tee-like-workers.ts';

// The Workers runtime allows no generated code: schemas are interpreted there, so they are here.
z.config({ jitless: true });

ReadableStream.prototype.tee = function tee() {
  return teeLikeWorkers(this);
};
