import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One recorded interaction with a live provider; see the README beside the recordings. */
export type Recording = {
  readonly id: string;
  readonly provider: string;
  readonly endpoint: string;
  readonly model: string | null;
  readonly kind: readonly string[];
  readonly flags: readonly string[];
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body_encoding: 'utf8' | 'base64';
    readonly body: string;
    readonly chunk_lengths?: readonly number[];
  };
};

const FOLDER = fileURLToPath(new URL('../../../shared/provider-recordings/', import.meta.url));

/** False where the recordings are not beside the project: tests on them are then skipped. */
export const hasRecordings = existsSync(FOLDER);
export const NO_RECORDINGS = 'the folder ../shared/provider-recordings is not here';

/** The recordings of some dialects, in the order of their files. */
export function recordingsOf(...endpoints: readonly string[]): Recording[] {
  if (!hasRecordings) return [];
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) =>
      readFileSync(FOLDER + file, 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => JSON.parse(line) as Recording) // the shape is that of the recordings' README
    .filter((recording) => endpoints.includes(recording.endpoint));
}

/** The answer's body as the bytes that went over the wire. */
export function bodyBytes({ response }: Recording): Uint8Array {
  return new Uint8Array(Buffer.from(response.body, response.body_encoding));
}

export function isStream({ response, kind }: Recording): boolean {
  return response.status === 200 && kind.includes('stream');
}
