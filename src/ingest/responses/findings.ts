import type { Warning } from '../../domain/dialect.ts';

/** What a reading of the body comes upon that other dialects have no words for. */
export type Findings = {
  /** Left out where the request is translated. */
  readonly untranslatable: Set<string>;
  /** What the answer depends on, so that only a provider of the dialect will do. */
  readonly indispensable: Set<string>;
  readonly warnings: Set<Warning>;
};

export function noFindings(): Findings {
  return { untranslatable: new Set(), indispensable: new Set(), warnings: new Set() };
}
