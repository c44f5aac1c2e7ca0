import { describe, it } from 'vitest';
import { answerCases } from './contract/answers.ts';
import { faultCases } from './contract/faults.ts';
import { requestCases } from './contract/requests.ts';
import type { ContractCase, ContractSubject } from './contract/subject.ts';

/*
 * What every wire must do, whatever its format. A new wire
 *
 * 1. is six files in `src/providers/<wire>/` and one line in `src/providers/index.ts`;
 * 2. gets a counterpart in `test/simulator/wires/`, written from the provider's documentation and
 *    not from the adapter: it reads requests and writes answers as the provider would;
 * 3. calls `describeProviderContract` in `test/core/providers/<wire>/contract.test.ts`. A case that
 *    the format cannot meet is skipped with its reason; a skip without a case fails;
 * 4. is proven on recorded traffic: a reader of its raw JSON in `test/support/expected-answer.ts`, one
 *    of its requests in `test/support/wire-content.ts`, and a line in `test/support/recorded-call.ts`.
 *
 * A new vendor of an existing wire is one entry in `src/providers/catalog.ts`, and its recordings.
 */

/** The suite that each wire passes. */
export function describeProviderContract(subject: ContractSubject): void {
  const { wire, skips = {} } = subject;
  const chapters: readonly (readonly [string, readonly ContractCase[]])[] = [
    ['toRequest', requestCases],
    ['fromResponse and openStream', answerCases],
    ['faults', faultCases],
  ];
  const names = chapters.flatMap(([, cases]) => cases.map(([name]) => name));
  const dead = Object.keys(skips).filter((name) => !names.includes(name));
  if (dead.length > 0) throw new Error(`no case is called ${dead.join(', ')}`);

  describe.each(chapters)(`the contract of ${wire}: %s`, (_, cases) => {
    for (const [name, check] of cases) {
      const reason = skips[name];
      const title = reason === undefined ? name : `${name} (skipped: ${reason})`;
      it.skipIf(reason !== undefined)(title, () => check(subject));
    }
  });
}
