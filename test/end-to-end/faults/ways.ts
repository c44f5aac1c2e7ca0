import type { PlanRule } from '../../simulator/plan.ts';
import { anEntry } from '../registries.ts';
import { openStage, type Stage } from '../stage.ts';
import { type Asked, ask, type Dialect, type Heard } from './callers.ts';

/** How the bytes of a first model reach a caller. */
export type Way = {
  readonly dialect: Dialect;
  readonly relay: 'untouched' | 'edited' | 'translated';
  readonly first: 'openai' | 'anthropic' | 'responses';
  readonly fields?: object;
};

export const WAYS: readonly Way[] = [
  {
    dialect: 'chat',
    relay: 'untouched',
    first: 'openai',
    fields: { stream_options: { include_usage: true } },
  },
  { dialect: 'chat', relay: 'edited', first: 'openai' },
  { dialect: 'chat', relay: 'translated', first: 'anthropic' },
  { dialect: 'messages', relay: 'untouched', first: 'anthropic' },
  { dialect: 'messages', relay: 'translated', first: 'openai' },
  { dialect: 'responses', relay: 'untouched', first: 'responses' },
  { dialect: 'responses', relay: 'translated', first: 'openai' },
];

export const TEXT = 'one two three four five six seven eight nine '.repeat(8).trim();

/** Many pairs of models: one for each kind of trouble and each way, so that none tells on another. */
export type Pairs = {
  readonly stage: Stage;
  /** Asks for `TEXT` from the first of a pair, behind which the second may answer. */
  ask(kind: string, way: Way, asked?: Partial<Asked>): Promise<Heard>;
  /** Which of a pair were called, in order. */
  called(kind: string, way: Way): readonly ('first' | 'next')[];
};

/** What befalls the first model of a pair, by kind. */
export type Troubles = Readonly<Record<string, Pick<PlanRule, 'fault' | 'settings' | 'times'>>>;

export async function openPairs(troubles: Troubles): Promise<Pairs> {
  const pairs = Object.entries(troubles).flatMap(([kind, rule]) =>
    WAYS.map((way) => ({ name: nameOf(kind, way), way, rule })),
  );
  const registry = Object.fromEntries(pairs.flatMap(({ name, way }) => entriesOf(name, way)));
  const stage = await openStage({ registry, simulator: { gapMs: 10 } });
  stage.simulator.setPlan(pairs.map(({ name, rule }) => ({ match: { model: name }, ...rule })));
  return {
    stage,
    ask: (kind, way, asked) => {
      const name = nameOf(kind, way);
      const model = `${providerOf(way)}/${name}`;
      const { dialect, fields } = way;
      const models = [model, `mistral/${name}`];
      const usual = { model, models, prompt: `[[say: ${TEXT}]]`, ...(fields && { fields }) };
      return ask(stage, dialect, { ...usual, ...asked });
    },
    called: (kind, way) => {
      const name = nameOf(kind, way);
      const calls = stage.simulator.calls().filter(({ model }) => model.endsWith(name));
      return calls.map(({ model }) => (model === name ? 'first' : 'next'));
    },
  };
}

function nameOf(kind: string, { dialect, relay }: Way): string {
  return `${kind}-${dialect}-${relay}`;
}

function providerOf({ first }: Way): string {
  return first === 'responses' ? 'openai' : first;
}

function entriesOf(name: string, way: Way) {
  const wire = way.first === 'responses' ? { wire: 'openai-responses' } : {};
  return [
    [`${providerOf(way)}/${name}`, anEntry(providerOf(way), 0.001, wire)],
    [`mistral/${name}`, anEntry('mistral', 0.002, { upstreamModel: `next-${name}` })],
  ];
}
