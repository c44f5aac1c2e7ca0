import {
  DemoClient,
  DemoFault,
  type Explanation,
  type ListedModel,
  type Outcome,
  SimulatorControl,
} from './demo-client.ts';
import { type DemoRow, ratioText, tableOf } from './demo-table.ts';
import { type DemoRequest, workload } from './demo-workload.ts';
import { DEVELOPMENT_KEY } from './development.ts';
import { simulatorPortOf } from './listen.ts';

const HELP = `Sends a mixed workload to a running router and shows what it chose, why, and at what cost.

  npm run demo [-- --url http://localhost:8787] [--key KEY]

Start the router first: "npm start" with simulated providers, or "npm run dev" with keys of your own
(then every row is a real call that costs what the table says).`;

const DEFAULT_URL = 'http://localhost:8787';

type Settings = { readonly url: URL; readonly key: string };

function settingsFrom(words: readonly string[]): Settings {
  const flags = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) {
    const [name = '', value] = words.slice(at, at + 2);
    if (name !== '--url' && name !== '--key')
      throw new DemoFault(`${name} is not known: see --help`);
    if (value === undefined) throw new DemoFault(`${name} needs a value`);
    flags.set(name, value);
  }
  const url = flags.get('--url') ?? DEFAULT_URL;
  if (!URL.canParse(url)) throw new DemoFault(`--url: "${url}" is not a URL`);
  return { url: new URL(url), key: flags.get('--key') ?? DEVELOPMENT_KEY };
}

type Stage = {
  readonly client: DemoClient;
  readonly models: readonly ListedModel[];
  readonly simulator: SimulatorControl;
  /** The calls that the simulator had played before; undefined where there is none. */
  readonly playedBefore: number | undefined;
};

async function demo({ url, key }: Settings): Promise<void> {
  const client = new DemoClient(url.origin, key);
  const models = await client.models();
  const simulator = new SimulatorControl(simulatorPortOf(Number(url.port)));
  const stage = { client, models, simulator, playedBefore: await simulator.calls() };
  const rows: DemoRow[] = [];
  for (const request of workload()) rows.push(await rowOf(request, stage));
  print(`${tableOf(rows)}\n`);
  print(`${ratioText(rows)}\n`);
  print(legend(rows, await isSimulated(stage)));
}

async function rowOf(request: DemoRequest, stage: Stage): Promise<DemoRow> {
  const { asked, body } = request;
  const explanation = await stage.client.explain(body);
  const best = bestOf(stage.models, explanation);
  if (request.whileDown === undefined) {
    const outcome = await stage.client.ask(body);
    return { asked, best, outcome, why: whyText(explanation, outcome, stage.models.length) };
  }
  if (!(await isSimulated(stage))) {
    return { asked, best, outcome: undefined, why: 'skipped: not simulated' };
  }
  await stage.simulator.failNext();
  try {
    const outcome = await stage.client.ask(body);
    return { asked, best, outcome, why: whyText(explanation, outcome, stage.models.length) };
  } finally {
    await stage.simulator.recover();
  }
}

/** The router's calls have arrived there, so what fails there is what the router calls. */
async function isSimulated({ simulator, playedBefore }: Stage): Promise<boolean> {
  const played = await simulator.calls();
  return played !== undefined && played > (playedBefore ?? Infinity);
}

/**
 * Of the models that could have answered, the one that a careful team would take for everything: the
 * highest quality for the task in the registry, and where it names none, the dearest.
 */
function bestOf(
  models: readonly ListedModel[],
  { rejections, requirement }: Explanation,
): ListedModel | undefined {
  const rejected = new Set(rejections.map(({ model }) => model));
  const able = models.filter(({ id }) => !rejected.has(id));
  const worth = ({ quality, pricing }: ListedModel): readonly [number, number] => [
    quality[requirement.task] ?? quality['general'] ?? -1,
    (pricing.costPer1kInputTokens ?? 0) + (pricing.costPer1kOutputTokens ?? 0),
  ];
  return able.toSorted((a, b) => worth(b)[0] - worth(a)[0] || worth(b)[1] - worth(a)[1])[0];
}

function whyText(explanation: Explanation, outcome: Outcome, models: number): string {
  const { policy, rejections } = explanation;
  if (outcome.status === NOBODY_CAN) return commonest(rejections) ?? '';
  if (outcome.error !== undefined) return outcome.error;
  if (outcome.fallbacks > 0) return `${outcome.fallbacks} failed, next of chain`;
  return `${policy}, ${models - rejections.length} of ${models} can`;
}

const NOBODY_CAN = 422;

/** `window-too-small: 29` */
function commonest(rejections: Explanation['rejections']): string | undefined {
  const counts = new Map<string, number>();
  for (const { reason } of rejections) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first && `${first[0]}: ${first[1]}`;
}

function legend(rows: readonly DemoRow[], isSimulated: boolean): string {
  const bests = rows.flatMap(({ best, outcome }) => (outcome?.usage && best ? [best] : []));
  const ids = [...new Set(bests.map(({ id }) => id))].join(', ');
  const hasQuality = bests.some(({ quality }) => Object.keys(quality).length > 0);
  const measure = hasQuality ? 'quality' : 'price, as the registry names no quality';
  const providers = isSimulated
    ? 'Providers are simulated: their answers are made up, the choices, tokens and prices are not.'
    : 'Providers are real here. To see a first choice fail, run this beside "npm start".';
  return `best model: the same tokens on ${ids},\nof those that can, the one with the highest ${measure}.\n\n${providers}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function run(words: readonly string[]): Promise<void> {
  if (words.includes('--help')) return print(HELP);
  await demo(settingsFrom(words));
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
