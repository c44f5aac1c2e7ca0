/** One place where two JSON values differ; `undefined` where one of them has nothing. */
export type Difference = {
  /** `messages.2.content.0.text`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
};

/** Every place where the values differ, as deep as both of them go. */
export function differencesOf(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (isNest(before) && isNest(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => {
      const inner = path === '' ? name : `${path}.${name}`;
      return differencesOf(valueAt(before, name), valueAt(after, name), inner);
    });
  }
  return Object.is(before, after) ? [] : [{ path, before, after }];
}

function isNest(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function valueAt(nest: object, name: string): unknown {
  return Object.entries(nest).find(([key]) => key === name)?.[1];
}
