const SHORT_ID = /^[a-zA-Z0-9]{9}$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SHORT_LENGTH = 9;

/**
 * A tool call id of nine letters and digits, as Mistral documents it: the same for the same id, so
 * that a call and its result stay linked when a conversation moves between providers.
 */
export function shortToolId(id: string): string {
  if (SHORT_ID.test(id)) return id;
  let state = 0x81_1c_9d_c5;
  let short = '';
  for (let at = 0; at < id.length; at++)
    state = Math.imul(state ^ id.charCodeAt(at), 0x01_00_01_93);
  for (let at = 0; at < SHORT_LENGTH; at++) {
    state = Math.imul(state ^ at, 0x01_00_01_93) >>> 0;
    short += ALPHABET.charAt(state % ALPHABET.length);
  }
  return short;
}

const NOT_IN_IDS = /[^a-zA-Z0-9_-]/g;

/** An id for a tool call whose provider gave none: another answer's calls get other ids. */
export function madeToolId(upstreamId: string | null | undefined, index: number): string {
  const answer = (upstreamId ?? '').replace(NOT_IN_IDS, '').slice(-32);
  return answer === '' ? `call_${index}` : `call_${answer}_${index}`;
}
