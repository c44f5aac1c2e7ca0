import * as z from 'zod';
import { bucketSchema } from './breaker-window.ts';

const permitSchema = z.object({ id: z.string(), expiresAt: z.number() });

const phaseSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('closed'),
    failuresInRow: z.number(),
    lastFailureAt: z.number(),
    /** Kept only where the policy looks at shares. */
    window: z.array(bucketSchema).optional(),
    /** Since a probe closed it; undefined when it never was open. */
    closedAt: z.number().optional(),
  }),
  z.object({ state: z.literal('open'), openedAt: z.number(), until: z.number() }),
  z.object({
    state: z.literal('half-open'),
    permits: z.array(permitSchema),
    successes: z.number(),
  }),
]);

/** The truth about one model, as its object stores it. */
export const breakerRecordSchema = z.object({
  /** Grows with every transition. */
  epoch: z.number(),
  phase: phaseSchema,
  /** The last report taken from each isolate, oldest first: a repeated report changes nothing. */
  seen: z.array(z.tuple([z.string(), z.number()])),
  /** Openings that followed each other soon: the cooldown may grow with them. */
  openings: z.number().optional(),
});
export type BreakerRecord = z.infer<typeof breakerRecordSchema>;
export type Phase = z.infer<typeof phaseSchema>;
export type Permit = z.infer<typeof permitSchema>;
