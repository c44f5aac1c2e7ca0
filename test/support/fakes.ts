import type { AttemptFailure } from '../../src/domain/failure.ts';
import type { CostPoints, Ledger, LedgerEntry, OpenCall } from '../../src/domain/ledger.ts';
import type { ModelId, RoutableModel } from '../../src/domain/model.ts';
import type {
  AnswerBill,
  Background,
  BreakerHealth,
  BreakerStatus,
  Breakers,
  Caller,
  Clock,
  Hosts,
  ModelRegistry,
  Permit,
  ProviderKey,
  ProviderKeys,
  Random,
  RouterPorts,
  StreamEvent,
  StreamWriter,
  Telemetry,
} from '../../src/domain/ports.ts';
import type { Registry, RegistryState } from '../../src/domain/registry.ts';
import type { TelemetryEvent } from '../../src/domain/telemetry.ts';
import { adapterOf } from '../../src/providers/index.ts';
import { aRegistry } from './builders.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeFraming, FakeLatencies, FakeRetries, FakeTokenRatios } from './fake-measures.ts';
import { FakeTransport, type Script } from './fake-transport.ts';

/** A permit and everything that it was answered. */
export type GivenPermit = {
  readonly model: ModelId;
  readonly answers: ('slow' | 'succeed' | 'fail' | 'release')[];
};

/** Breakers that are open where a test opens them. */
export class FakeBreakers implements Breakers {
  readonly open = new Set<string>();
  readonly halfOpen = new Set<string>();
  /** Models that have just answered. */
  readonly sure = new Set<string>();
  readonly permits: GivenPermit[] = [];
  readonly recorded: ModelId[] = [];
  readonly consulted: (readonly ModelId[])[] = [];
  /** What asking the objects changes. */
  onConsult: () => void = () => undefined;
  retryInMs = 30_000;

  health(model: ModelId): BreakerHealth {
    if (this.open.has(model)) {
      return { state: 'open', isPassable: false, retryInMs: this.retryInMs };
    }
    const state = this.halfOpen.has(model) ? 'half-open' : 'closed';
    return { state, isPassable: true, retryInMs: 0 };
  }

  acquire(model: ModelId): Permit | undefined {
    if (this.open.has(model)) return undefined;
    const permit: GivenPermit = { model, answers: [] };
    this.permits.push(permit);
    return {
      isProbe: this.halfOpen.has(model),
      noteSlow: () => permit.answers.push('slow'),
      succeed: () => permit.answers.push('succeed'),
      fail: () => permit.answers.push('fail'),
      release: () => permit.answers.push('release'),
    };
  }

  hasJustAnswered(model: ModelId): boolean {
    return this.sure.has(model);
  }

  recordFailure(model: ModelId): void {
    this.recorded.push(model);
  }

  consult(models: readonly ModelId[]): Promise<void> {
    this.consulted.push(models);
    this.onConsult();
    return Promise.resolve();
  }

  states(models: readonly ModelId[]): Promise<readonly BreakerStatus[]> {
    const fields = { failuresInRow: 0, isFromObject: true };
    return Promise.resolve(models.map((model) => ({ model, ...fields, ...this.health(model) })));
  }
}

/** Hosts that are closed where a test closes them. */
export class FakeHosts implements Hosts {
  readonly open = new Set<string>();
  readonly noted: { readonly model: string; readonly outcome: string }[] = [];

  health(provider: string): BreakerHealth {
    return this.open.has(provider)
      ? { state: 'open', isPassable: false, retryInMs: 30_000 }
      : { state: 'closed', isPassable: true, retryInMs: 0 };
  }

  pass(provider: string): boolean {
    return !this.open.has(provider);
  }

  note({ id }: RoutableModel, outcome: 'answered' | AttemptFailure): void {
    this.noted.push({ model: id, outcome: outcome === 'answered' ? outcome : outcome.kind });
  }
}

/** `key-1` for every model, unless a test gives others; holds last as long as they say. */
export class FakeKeys implements ProviderKeys {
  readonly holds: { readonly key: string; readonly holdMs: number; readonly model?: string }[] = [];
  ids: readonly string[] = ['key-1'];
  readonly #heldUntil = new Map<string, number>();
  readonly #rejections = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  pick(model: RoutableModel): ProviderKey | 'none' | 'held' {
    if (this.ids.length === 0) return 'none';
    const id = this.ids.find((candidate) => this.#restMs(candidate, model) <= 0);
    return id === undefined ? 'held' : { id, value: id };
  }

  hold(key: ProviderKey, holdMs: number, model: ModelId | undefined): void {
    this.holds.push({ key: key.id, holdMs, ...(model !== undefined && { model }) });
    this.#heldUntil.set(`${key.id} ${model}`, this.#clock.now() + holdMs);
  }

  accept(key: ProviderKey): void {
    this.#rejections.delete(key.id);
  }

  reject({ id }: ProviderKey): number {
    this.#rejections.set(id, (this.#rejections.get(id) ?? 0) + 1);
    return this.#rejections.get(id) ?? 0;
  }

  freeInMs(model: RoutableModel): number {
    return Math.max(0, Math.min(...this.ids.map((id) => this.#restMs(id, model))));
  }

  #restMs(id: string, { id: model }: RoutableModel): number {
    const places = [`${id} ${undefined}`, `${id} ${model}`];
    return Math.max(...places.map((place) => this.#heldUntil.get(place) ?? 0)) - this.#clock.now();
  }
}

/** One half, always; ids count up. */
export class FakeRandom implements Random {
  value = 0.5;
  #ids = 0;
  ratio(): number {
    return this.value;
  }
  id(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }
}

export class FakeLedger implements Ledger {
  readonly opened: OpenCall[] = [];
  readonly entries: LedgerEntry[] = [];
  open(call: OpenCall): void {
    this.opened.push(call);
  }
  record(entry: LedgerEntry): void {
    this.entries.push(entry);
  }
  find(tenant: string, requestId: string): Promise<string | undefined> {
    const isAskedFor = (entry: LedgerEntry): boolean =>
      entry.attribution.tenant === tenant && entry.requestId === requestId;
    const entry = this.entries.find(isAskedFor);
    return Promise.resolve(entry && JSON.stringify(entry));
  }
}

export class FakePoints implements CostPoints {
  readonly entries: LedgerEntry[] = [];
  write(entry: LedgerEntry): void {
    this.entries.push(entry);
  }
}

export class FakeTelemetry implements Telemetry {
  readonly events: TelemetryEvent[] = [];
  emit(event: TelemetryEvent): void {
    this.events.push(event);
  }
}

/** Collects the work that goes on behind an answer. */
export class FakeBackground implements Background {
  readonly work: Promise<unknown>[] = [];
  run(work: Promise<unknown>): void {
    this.work.push(work);
  }
}

export class FakeRegistry implements ModelRegistry {
  registry: Registry;

  constructor(models: readonly RoutableModel[]) {
    this.registry = aRegistry(models);
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  current(): Registry {
    return this.registry;
  }

  state(): RegistryState {
    const { version, models } = this.registry;
    const counted = { version, models: models.length, problems: [], checkedAt: 0 };
    return { state: 'ok', source: 'kv', ...counted };
  }
}

/** Writes each part as one readable line, e.g. `text-delta {"text":"Hi"}`. */
class LineWriter implements StreamWriter {
  write({ type, ...fields }: Parameters<StreamWriter['write']>[0]): string {
    return type === 'done' || type === 'error' ? '' : `${type} ${JSON.stringify(fields)}\n`;
  }
  finish({ usage }: AnswerBill): string {
    return `finish ${JSON.stringify(usage)}\n`;
  }
  finishNative(_: AnswerBill, hasTerminalEvent: boolean): string {
    return hasTerminalEvent ? '' : 'terminal event\n';
  }
  fail({ code }: Parameters<StreamWriter['fail']>[0]): string {
    return `error ${code}\n`;
  }
}

/** A caller that can leave. Events of its own dialect come to it as `event` lines. */
export function aCaller(fields: Partial<Caller> = {}): Caller & { leave(): void } {
  const controller = new AbortController();
  return {
    dialect: 'openai-chat',
    wantsUsage: false,
    wantsCost: false,
    signal: controller.signal,
    openWriter: () => new LineWriter(),
    editEvent,
    leave: () => controller.abort(),
    ...fields,
  };
}

function editEvent({ data }: StreamEvent, bill: AnswerBill | undefined): string {
  if (data === '[DONE]') return '';
  return bill === undefined ? `event ${data}\n` : `billed ${bill.costNanoUsd}\n`;
}

/** All ports, each as its fake, for the models and the script given. */
export function fakePorts(
  models: readonly RoutableModel[],
  scripts: ConstructorParameters<typeof FakeTransport>[1] | readonly Script[] = [],
) {
  const clock = new FakeClock();
  return {
    clock,
    transport: new FakeTransport(clock, scripts),
    registry: new FakeRegistry(models),
    breakers: new FakeBreakers(),
    hosts: new FakeHosts(),
    keys: new FakeKeys(clock),
    latencies: new FakeLatencies(),
    retries: new FakeRetries(),
    tokenRatios: new FakeTokenRatios(),
    framing: new FakeFraming(),
    ledger: new FakeLedger(),
    points: new FakePoints(),
    telemetry: new FakeTelemetry(),
    background: new FakeBackground(),
    random: new FakeRandom(),
    adapterOf,
    openPipe: () => new TransformStream<Uint8Array, Uint8Array>(),
  } satisfies RouterPorts;
}
