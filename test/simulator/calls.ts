/** One call as the provider saw it. */
export type SimulatedCall = {
  readonly id: string;
  readonly label: string;
  readonly wire: string;
  readonly path: string;
  readonly model: string;
  readonly isStream: boolean;
  /** What the prompt calls itself, by its directive `id`. */
  readonly nonce: string | undefined;
  /** The last four characters of the key. */
  readonly keyTail: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The provider would bill it: it read a valid request and began to work. */
  accepted: boolean;
  fault: string | undefined;
  status: number | undefined;
  endedAt: number | undefined;
  /** When the client closed the connection before the answer was whole. */
  clientLeftAt: number | undefined;
  bytesSent: number;
  /** What was asked, where the simulator keeps it. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
};

/** Calls are kept until they are taken away; the oldest go first. */
const MOST_CALLS = 200_000;

export class CallLog {
  #calls: SimulatedCall[] = [];
  #opened = 0;

  open(
    call: Pick<
      SimulatedCall,
      | 'nonce'
      | 'label'
      | 'wire'
      | 'path'
      | 'model'
      | 'isStream'
      | 'keyTail'
      | 'startedAt'
      | 'body'
      | 'headers'
    >,
  ): SimulatedCall {
    this.#opened += 1;
    const opened: SimulatedCall = {
      ...call,
      id: String(this.#opened),
      accepted: false,
      fault: undefined,
      status: undefined,
      endedAt: undefined,
      clientLeftAt: undefined,
      bytesSent: 0,
    };
    this.#calls.push(opened);
    if (this.#calls.length > MOST_CALLS) this.#calls.shift();
    return opened;
  }

  all(): readonly SimulatedCall[] {
    return this.#calls;
  }

  clear(): void {
    this.#calls = [];
  }
}
