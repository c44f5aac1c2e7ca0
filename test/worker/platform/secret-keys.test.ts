import { describe, expect, it } from 'vitest';
import { SecretKeys } from '../../../src/platform/secret-keys.ts';
import { aModel } from '../../support/builders.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function theKeys(secrets: Readonly<Record<string, string>>) {
  const clock = new FakeClock();
  return { clock, keys: new SecretKeys((name) => secrets[name], clock) };
}

const model = aModel('openai/gpt-test');
const sibling = aModel('openai/gpt-other');
const FIRST = { id: 'OPENAI_API_KEY#1', value: 'one' };
const SECOND = { id: 'OPENAI_API_KEY#2', value: 'two' };

describe('SecretKeys', () => {
  it('has none where no secret is set, and one without a value where none is needed', () => {
    const { keys } = theKeys({ OPENAI_API_KEY: ' , ' });
    const local = aModel('ollama/llama');

    expect(keys.pick(model)).toBe('none');
    expect(keys.pick(local)).toEqual({ id: 'ollama', value: undefined });
  });

  it('takes the first of several', () => {
    const { keys } = theKeys({ OPENAI_API_KEY: ' one , two' });

    expect(keys.pick(model)).toEqual(FIRST);
  });

  it('rests a key for one model only, until the time has passed', async () => {
    const { keys, clock } = theKeys({ OPENAI_API_KEY: 'one,two' });

    keys.hold(FIRST, 1000, model.id);
    expect(keys.pick(model)).toEqual(SECOND);
    expect(keys.pick(sibling)).toEqual(FIRST);
    await clock.advance(1000);

    expect(keys.pick(model)).toEqual(FIRST);
  });

  it('rests a key for all models', () => {
    const { keys } = theKeys({ OPENAI_API_KEY: 'one' });

    keys.hold(FIRST, 1000, undefined);

    expect([keys.pick(model), keys.pick(sibling)]).toEqual(['held', 'held']);
    expect([keys.freeInMs(model), keys.freeInMs(sibling)]).toEqual([1000, 1000]);
  });

  it('F17 never shortens a hold', () => {
    const { keys } = theKeys({ OPENAI_API_KEY: 'one' });

    keys.hold(FIRST, 5000, model.id);
    keys.hold(FIRST, 1000, model.id);

    expect(keys.freeInMs(model)).toBe(5000);
  });

  it('F18 counts the rejections of a key in a row', () => {
    const { keys } = theKeys({ OPENAI_API_KEY: 'one,two' });

    const counts = [keys.reject(FIRST), keys.reject(FIRST), keys.reject(SECOND)];
    keys.accept(FIRST);

    expect([...counts, keys.reject(FIRST), keys.reject(SECOND)]).toEqual([1, 2, 1, 1, 2]);
  });

  it('says when the first of several is free again', () => {
    const { keys } = theKeys({ OPENAI_API_KEY: 'one,two' });

    keys.hold(FIRST, 5000, model.id);
    keys.hold(SECOND, 2000, model.id);

    expect(keys.pick(model)).toBe('held');
    expect(keys.freeInMs(model)).toBe(2000);
  });
});
