import { RouterError } from '../../src/domain/errors.ts';

/** The error that some work is refused with, now or later. */
export async function refusalOf(work: () => unknown): Promise<RouterError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof RouterError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
