import type { RoutableModel, Wire } from '../../../src/domain/model.ts';
import type { SimulatedWire } from '../../simulator/wire.ts';

/** A wire, and the provider that plays against it. */
export type ContractSubject = {
  readonly wire: Wire;
  readonly speaker: SimulatedWire;
  readonly model: RoutableModel;
  /** Headers that a call of this wire may carry, in lower case (fault catalogue A16). */
  readonly headers: readonly string[];
  /** One event of the stream around some data. */
  readonly event: (data: string) => string | Uint8Array;
  /** The name of a case → why this wire cannot meet it. */
  readonly skips?: Readonly<Record<string, string>>;
};

/** One rule, by its name. */
export type ContractCase = readonly [name: string, check: (subject: ContractSubject) => void];
