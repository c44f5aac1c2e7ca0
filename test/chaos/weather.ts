import { FAULTS, type PlanRule, randomFrom } from '../simulator/plan.ts';

/** What the simulated models are, and by which keys they are called. */
export type ChaosModel = {
  readonly id: string;
  /** The name that its provider knows it by. */
  readonly upstream: string;
};

/** What is wrong with one model for a while. */
export type Trouble = {
  readonly model: string;
  readonly fault: string;
  /** 0 to 1. */
  readonly probability: number;
  /** Only calls with this key, where another key is good. */
  readonly keyTail: string | undefined;
};

/** Faults of the caller or of one prompt: they are asked for by the prompt, not by the weather. */
export const CALLER_FAULTS = ['F24', 'F25', 'F26', 'F28'];
/** Answers that are odd and whole: nothing has to be rescued. */
export const ODD_ANSWERS = ['F53', 'F55', 'F56:byte', 'F63', 'F64', 'F65', 'F67'];
/** What a key is rested for longer than a run takes: the other key must go on. */
const KEY_FAULTS = ['F01', 'F03', 'F04', 'F05', 'F11', 'F16', 'F18', 'F20', 'F22'];
/** Refusals are answers; a page of 413 says that the request is too large. */
const NOT_WEATHER = ['F02', 'F27', 'F59', 'F36'];
/** Behind the commit point of a native stream the bytes pass untouched. */
export const UNTOUCHED_FAULTS = ['F51', 'F56:event'];

const LASTING = Object.keys(FAULTS).filter(
  (id) => ![...CALLER_FAULTS, ...KEY_FAULTS, ...NOT_WEATHER].includes(id),
);

export type WeatherSettings = {
  readonly models: readonly ChaosModel[];
  /** The end of the key that may fail. */
  readonly keyTail: string;
  readonly seed: number;
};

/** Seeded trouble: most of the time one or two models of six are in it, sometimes four. */
export function* weatherOf(settings: WeatherSettings): Generator<readonly Trouble[]> {
  const random = randomFrom(settings.seed);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  for (;;) {
    const isStorm = random() < 0.1;
    const count = isStorm ? 4 : 1 + Math.floor(random() * 2);
    const left = [...settings.models];
    yield Array.from({ length: count }, () => {
      const model = pick(left);
      left.splice(left.indexOf(model), 1);
      const isOfKey = random() < 0.2;
      return {
        model: model.id,
        fault: isOfKey ? pick(KEY_FAULTS) : pick(LASTING),
        probability: random() < 0.6 ? 1 : 0.3,
        keyTail: isOfKey ? settings.keyTail : undefined,
      };
    });
  }
}

/** The simulator's plan for some trouble. A stall lasts longer than any limit of the requests. */
export function planOf(
  troubles: readonly Trouble[],
  models: readonly ChaosModel[],
  canary: string,
): readonly PlanRule[] {
  return troubles.map(({ model, fault, probability, keyTail }) => ({
    match: {
      model: models.find(({ id }) => id === model)?.upstream ?? model,
      ...(keyTail !== undefined && { keyTail }),
    },
    fault,
    probability,
    settings: { canary },
  }));
}
