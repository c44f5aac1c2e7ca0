import { FAULTS, type PlanRule, randomFrom } from '../simulator/plan.ts';
import type { Trouble } from './evidence.ts';
import { type ChaosModel, KEYS, MODELS, nameOf, PROVIDERS } from './models.ts';

/** Faults of the caller or of one prompt: they are asked for by the prompt, not by the weather. */
export const CALLER_FAULTS = ['F24', 'F25', 'F26', 'F28'];
/** Answers that are odd and whole: nothing has to be rescued. */
export const ODD_ANSWERS = [
  'F23',
  'F50',
  'F53',
  'F55',
  'F56:byte',
  'F63',
  'F64',
  'F65',
  'F67',
  'F68',
];
/** What a provider says of the request and not of itself: that answer may be the last. */
export const VERDICTS = ['F02', 'F27', 'F59'];
/** They rest a key, some longer than a run takes: the other key must go on. */
export const KEY_FAULTS = [
  ...['F01', 'F03', 'F04', 'F05', 'F06', 'F07', 'F11', 'F11:later'],
  ...['F15', 'F16', 'F17', 'F18', 'F20', 'F22'],
];
/** Said of one key, and yet counted against the model: it is gone, for all that is known (F22). */
export const COUNTED_KEY_FAULTS = ['F22'];
/** A host of whose connections so many break is not tried with its other models (F46). */
export const CONNECTION_FAULTS = ['F21', 'F32', 'F43'];
/** The host's doing: all of its models have them at once. */
const HOST_FAULTS = ['F32', 'F43', 'F44'];
/** The provider says nothing for a while, or for ever. */
export const SILENT_FAULTS = ['F44', 'F48', 'F54', 'F55'];
/** Behind the commit point of a native stream the bytes pass untouched, a cut event's half too. */
export const UNTOUCHED_FAULTS = ['F35', 'F51'];

const LASTING = Object.keys(FAULTS).filter(
  (id) => ![...CALLER_FAULTS, ...KEY_FAULTS, ...VERDICTS].includes(id),
);

/** Of what kind a spell is, 0 to 1. */
const SHARES = { storm: 0.1, host: 0.1, ofKey: 0.25, verdict: 0.04, lasting: 0.6 };

/** Seeded trouble: most of the time one to three of the models are in it, sometimes a host or five. */
export function* weatherOf(seed: number): Generator<readonly Trouble[]> {
  const random = randomFrom(seed);
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const troubleOf = ({ id: model }: ChaosModel): Trouble => {
    const kind = random();
    const probability = random() < SHARES.lasting ? 1 : 0.3;
    if (kind < SHARES.ofKey)
      return { model, fault: pick(KEY_FAULTS), probability, keyTail: KEYS.weak.slice(-4) };
    const isVerdict = kind < SHARES.ofKey + SHARES.verdict;
    return { model, fault: pick(isVerdict ? VERDICTS : LASTING), probability, keyTail: undefined };
  };
  for (;;) {
    if (random() < SHARES.host) {
      const provider = pick(PROVIDERS);
      const fault = pick(HOST_FAULTS);
      yield MODELS.filter(({ id }) => id.startsWith(`${provider}/`)).map(({ id: model }) => {
        return { model, fault, probability: 1, keyTail: undefined };
      });
      continue;
    }
    const count = random() < SHARES.storm ? 5 : 1 + Math.floor(random() * 3);
    const left = [...MODELS];
    yield Array.from({ length: count }, () => {
      const model = pick(left);
      left.splice(left.indexOf(model), 1);
      return troubleOf(model);
    });
  }
}

/** The simulator's plan for some trouble. A stall lasts longer than any limit of the requests. */
export function planOf(troubles: readonly Trouble[], canary: string): readonly PlanRule[] {
  return troubles.map(({ model, fault, probability, keyTail }) => ({
    match: {
      model: nameOf(model),
      ...(keyTail !== undefined && { keyTail }),
    },
    fault,
    probability,
    settings: { canary },
  }));
}
