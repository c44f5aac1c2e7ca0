import { ANSWER_FAULTS } from './answer-faults.ts';
import type { FaultSettings, Reply, Scene } from './reply.ts';
import { STATUS_FAULTS, statusReply } from './status-faults.ts';

/** Which calls a rule is for; what is left out matches everything. */
export type CallMatch = {
  /** The provider's label in the address. */
  readonly label?: string;
  /** The provider's name of the model. */
  readonly model?: string;
  /** The end of the key. */
  readonly keyTail?: string;
  readonly isStream?: boolean;
};

/** What happens to a call instead of a good answer. */
export type PlanRule = {
  readonly match?: CallMatch;
  /** An id of `FAULTS`. */
  readonly fault?: string;
  readonly settings?: FaultSettings;
  /** A recorded answer, played as it is. */
  readonly recorded?: RecordedReply;
  /** How often it applies; for ever by default. */
  readonly times?: number;
  /** How many matching calls pass before it applies. */
  readonly skip?: number;
  /** 0 to 1; 1 by default. */
  readonly probability?: number;
};

export type RecordedReply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly (string | Uint8Array)[];
};

/** Every fault that can be played, with one line on what it is. */
export const FAULTS: Readonly<Record<string, string>> = Object.fromEntries(
  [...Object.entries(STATUS_FAULTS), ...Object.entries(ANSWER_FAULTS)].map(([id, { about }]) => [
    id,
    about,
  ]),
);

/** @throws Error for a fault that is not in `FAULTS`. */
export function faultyReply(id: string, good: Reply, scene: Scene): Reply {
  const status = STATUS_FAULTS[id];
  if (status !== undefined) return statusReply(status, scene);
  const fault = ANSWER_FAULTS[id];
  if (fault === undefined) throw new Error(`there is no fault ${id}`);
  const { whole, spoil } = fault;
  if (whole === undefined || whole === id || scene.telling.prompt.isStream)
    return spoil(good, scene);
  return faultyReply(whole, good, scene);
}

export type MatchedCall = {
  readonly label: string;
  readonly model: string;
  readonly key: string;
  readonly isStream: boolean;
};

/** Chooses the rule of a call: the first that matches and has uses left. */
export class Plan {
  readonly #rules: { readonly rule: PlanRule; seen: number; used: number }[];
  readonly #random: () => number;

  /** @throws Error for a fault that does not exist. */
  constructor(rules: readonly PlanRule[], seed: number) {
    const unknown = rules.find(({ fault }) => fault !== undefined && FAULTS[fault] === undefined);
    if (unknown !== undefined) throw new Error(`there is no fault ${unknown.fault}`);
    this.#rules = rules.map((rule) => ({ rule, seen: 0, used: 0 }));
    this.#random = randomFrom(seed);
  }

  ruleFor(call: MatchedCall): PlanRule | undefined {
    for (const state of this.#rules) {
      const { rule } = state;
      if (!matches(rule.match ?? {}, call) || state.used >= (rule.times ?? Infinity)) continue;
      state.seen += 1;
      if (state.seen <= (rule.skip ?? 0)) continue;
      if (rule.probability !== undefined && this.#random() >= rule.probability) continue;
      state.used += 1;
      return rule;
    }
    return undefined;
  }
}

function matches({ label, model, keyTail, isStream }: CallMatch, call: MatchedCall): boolean {
  return (
    (label === undefined || label === call.label) &&
    (model === undefined || model === call.model) &&
    (keyTail === undefined || call.key.endsWith(keyTail)) &&
    (isStream === undefined || isStream === call.isStream)
  );
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
