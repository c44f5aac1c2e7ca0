import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values = Readonly<Record<string, string | boolean | undefined>>;

export type Program = {
  readonly help: string;
  readonly options: Options;
  /** How many arguments stand without a name; others are refused. */
  readonly positionals: number;
  readonly main: (given: { values: Values; positionals: readonly string[] }) => Promise<void>;
};

/** Runs a command line program: `--help`, wrong use and faults in one sentence, exit code 2. */
export async function runProgram({ help, options, positionals, main }: Program): Promise<void> {
  try {
    const given = parseArgs({
      options: { ...options, help: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const values = given.values as Values; // only `multiple` would give lists, and nobody asks for it
    if (values['help'] === true) {
      process.stdout.write(help);
      return;
    }
    if (given.positionals.length !== positionals) {
      process.stderr.write(help);
      process.exitCode = 2;
      return;
    }
    await main({ values, positionals: given.positionals });
  } catch (error) {
    // A reader that has enough, as `head` does, is no fault.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return;
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 2;
  }
}
