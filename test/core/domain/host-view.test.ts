import { describe, expect, it } from 'vitest';
import { HostView } from '../../../src/domain/host-view.ts';

const COOLDOWN_MS = 60_000;

function aView() {
  const view = new HostView();
  return {
    view,
    fail: (now: number) => view.noteFailure(true, now, COOLDOWN_MS),
    failOtherwise: (now: number) => view.noteFailure(false, now, COOLDOWN_MS),
    open: (model: string, now: number) => view.noteOpenModel(model, now, COOLDOWN_MS),
    stateAt: (now: number) => view.health(now).state,
  };
}

describe('HostView', () => {
  it('closes a host whose connections failed five times in 30 s (F46)', () => {
    const { fail, stateAt } = aView();

    for (const at of [0, 1000, 2000, 3000]) fail(at);
    expect(stateAt(3000)).toBe('closed');
    fail(29_000);

    expect(stateAt(29_000)).toBe('open');
  });

  it('forgets failures that are older, and all of them at a success', () => {
    const old = aView();
    for (const at of [0, 1000, 2000, 3000, 33_500]) old.fail(at);
    const mixed = aView();
    for (const at of [0, 1, 2, 3]) mixed.fail(at);
    mixed.view.noteSuccess();
    for (const at of [4, 5, 6, 7]) mixed.fail(at);

    expect(old.stateAt(33_500)).toBe('closed');
    expect(mixed.stateAt(7)).toBe('closed');
  });

  it('closes a host of which three models are open at the same time (F46)', () => {
    const { open, stateAt } = aView();

    open('a', 0);
    open('a', 10);
    open('b', 20);
    expect(stateAt(20)).toBe('closed');
    open('c', 61_000);
    expect(stateAt(61_000)).toBe('closed');
    open('b', 62_000);
    open('a', 63_000);

    expect(stateAt(63_000)).toBe('open');
  });

  it('does not count what the host answered itself', () => {
    const { failOtherwise, stateAt } = aView();

    for (let at = 0; at < 20; at++) failOtherwise(at);

    expect(stateAt(20)).toBe('closed');
  });

  it('lets one probe through behind the cooldown, and opens at its success', () => {
    const { view, fail, stateAt } = aView();
    for (let at = 0; at < 5; at++) fail(at);

    expect(view.pass(60_000)).toBe(false);
    expect(view.pass(60_004)).toBe(true);
    expect(view.pass(60_005)).toBe(false);
    expect(stateAt(60_005)).toBe('half-open');
    view.noteSuccess();

    expect(stateAt(60_006)).toBe('closed');
    expect(view.pass(60_006)).toBe(true);
  });

  it('closes again when the probe fails, whatever its failure', () => {
    const { view, fail, failOtherwise, stateAt } = aView();
    for (let at = 0; at < 5; at++) fail(at);
    view.pass(60_004);

    failOtherwise(61_000);

    expect(stateAt(61_000)).toBe('open');
    expect(view.health(61_000).retryInMs).toBe(60_000);
  });

  it('gives a lost probe to another', () => {
    const { view, fail } = aView();
    for (let at = 0; at < 5; at++) fail(at);

    expect(view.pass(60_004)).toBe(true);
    expect(view.pass(135_003)).toBe(false);
    expect(view.pass(135_004)).toBe(true);
  });
});
