import type { ModelId, RoutableModel } from '../domain/model.ts';
import type { Clock, ProviderKey, ProviderKeys } from '../domain/ports.ts';

/** Timers may fire this early; a key that is due then counts as free. */
const TOLERANCE_MS = 20;

/**
 * Provider keys from Worker secrets; one secret may hold several, comma-separated. Which of them rest
 * is this isolate's own knowledge: it learns at its first refusal, and forgets when it ends.
 */
export class SecretKeys implements ProviderKeys {
  readonly #variable: (name: string) => string | undefined;
  readonly #clock: Clock;
  /** Until when a key, or a key on one model, rests. */
  readonly #heldUntil = new Map<string, number>();
  /** How often in a row a key was rejected. */
  readonly #rejections = new Map<string, number>();
  /** Split once per secret: a decision asks for every model. */
  readonly #keysOfSecret = new Map<string, readonly ProviderKey[]>();

  constructor(variable: (name: string) => string | undefined, clock: Clock) {
    this.#variable = variable;
    this.#clock = clock;
  }

  pick(model: RoutableModel): ProviderKey | 'none' | 'held' {
    const keys = this.#keysOf(model);
    if (keys.length === 0) return 'none';
    return keys.find((key) => this.#restMs(key, model.id) <= TOLERANCE_MS) ?? 'held';
  }

  hold(key: ProviderKey, holdMs: number, model: ModelId | undefined): void {
    const place = placeOf(key, model);
    const until = this.#clock.now() + holdMs;
    // A second refusal never shortens a hold (fault catalogue F17).
    this.#heldUntil.set(place, Math.max(until, this.#heldUntil.get(place) ?? 0));
  }

  accept(key: ProviderKey): void {
    this.#rejections.delete(key.id);
  }

  reject(key: ProviderKey): number {
    const rejections = (this.#rejections.get(key.id) ?? 0) + 1;
    this.#rejections.set(key.id, rejections);
    return rejections;
  }

  freeInMs(model: RoutableModel): number {
    const rests = this.#keysOf(model).map((key) => this.#restMs(key, model.id));
    return Math.max(0, Math.min(...rests));
  }

  #restMs(key: ProviderKey, model: ModelId): number {
    if (this.#heldUntil.size === 0) return 0;
    const ofKey = this.#heldUntil.get(placeOf(key, undefined)) ?? 0;
    const ofModel = this.#heldUntil.get(placeOf(key, model)) ?? 0;
    return Math.max(ofKey, ofModel) - this.#clock.now();
  }

  #keysOf({ provider }: RoutableModel): readonly ProviderKey[] {
    if (provider.unset !== undefined) return [];
    if (provider.secret === undefined) return [{ id: provider.id, value: undefined }];
    const known = this.#keysOfSecret.get(provider.secret);
    if (known !== undefined) return known;
    const values = (this.#variable(provider.secret) ?? '').split(',').map((value) => value.trim());
    const keys = values
      .filter((value) => value !== '')
      .map((value, at) => ({ id: `${provider.secret}#${at + 1}`, value }));
    this.#keysOfSecret.set(provider.secret, keys);
    return keys;
  }
}

function placeOf(key: ProviderKey, model: ModelId | undefined): string {
  return model === undefined ? key.id : `${key.id} ${model}`;
}
