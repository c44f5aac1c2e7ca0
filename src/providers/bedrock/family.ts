import type { RoutableModel } from '../../domain/model.ts';

/** Whose model it is: Converse is one for all, but what stands beside it is the maker's own. */
export type Family = 'claude' | 'nova-2' | 'nova' | 'gpt-oss' | 'other';

const FAMILIES: readonly (readonly [Family, RegExp])[] = [
  ['claude', /claude/],
  ['nova-2', /nova-2/],
  ['nova', /nova/],
  ['gpt-oss', /gpt-oss/],
];

/** By its names: an inference profile's ARN says nothing, so that the registry's id counts too. */
export function familyOf({ upstreamModel, id }: RoutableModel): Family {
  const names = `${upstreamModel} ${id}`;
  return FAMILIES.find(([, pattern]) => pattern.test(names))?.[0] ?? 'other';
}

/** Which parts of a prompt may end with a cache mark; other models refuse it. */
export function takesCacheMarks(family: Family): boolean {
  return family === 'claude' || family === 'nova' || family === 'nova-2';
}
