import { endsAlone, startsAlone } from './personal-data-formats.ts';
import type { PersonalDataFinding } from './personal-data-kinds.ts';
import {
  digitRun,
  isAlphanumericAt,
  isDigitAt,
  isLetterAt,
  isWordAt,
} from './personal-data-text.ts';

/** RFC 5321: the longest local part and the longest domain, in octets. */
const LOCAL_LENGTH = 64;
const DOMAIN_LENGTH = 255;
/** RFC 1035: the longest label of a domain. */
const LABEL_LENGTH = 63;
/** Endings that are names of files or reserved for examples (RFC 6761), never a person's mailbox. */
const NO_MAIL_ENDINGS: ReadonlySet<string> = new Set(
  (
    'png jpg jpeg gif svg webp avif ico bmp css scss js mjs cjs jsx ts tsx json html htm xml yml ' +
    'yaml toml txt pdf exe dll log lock map gz tgz tar jar war test invalid localhost example'
  ).split(' '),
);
const VERSION_START = /^v?[0-9]{1,9}\.[0-9]{1,9}(?:\.|$)/;
const ENDING = /^(?:xn--[a-z0-9-]{1,59}|[a-z\u00a1-\uffff]{2,24})$/;
const DOTS_IN_A_ROW = '..';

/** The e-mail address around an `@` (or `%40`) of so many characters, not before `earliest`. */
export function emailAround(
  text: string,
  at: { readonly start: number; readonly end: number },
  earliest: number,
): PersonalDataFinding | undefined {
  const end = endOfDomain(text, at.end);
  if (end === undefined) return undefined;
  const start = startOfLocal(text, at.start, earliest);
  if (start === undefined || isNoMailbox(text, start, end)) return undefined;
  return { kind: 'email', start, end };
}

function startOfLocal(text: string, end: number, earliest: number): number | undefined {
  if (!isLocalAt(text, end - 1) || text.charAt(end - 1) === '.') return undefined;
  let start = end;
  while (start > earliest && isLocalAt(text, start - 1)) {
    if (text.startsWith(DOTS_IN_A_ROW, start - 1)) break;
    start--;
    if (end - start > LOCAL_LENGTH) return undefined;
  }
  while (start < end && !isLabelAt(text, start) && text.charAt(start) !== '_') start++;
  return start < end ? start : undefined;
}

function endOfDomain(text: string, start: number): number | undefined {
  if (!isLabelAt(text, start)) return undefined;
  let end = start;
  while (end - start <= DOMAIN_LENGTH && isDomainAt(text, end)) {
    if (text.charAt(end) === '.' && !isLabelAt(text, end + 1)) break;
    end++;
  }
  while (text.charAt(end - 1) === '-') end--;
  return isMailDomain(text.slice(start, end)) ? end : undefined;
}

function isMailDomain(domain: string): boolean {
  if (domain.length > DOMAIN_LENGTH || VERSION_START.test(domain)) return false;
  const labels = domain.toLowerCase().split('.');
  const ending = labels.at(-1) ?? '';
  if (labels.length < 2 || !ENDING.test(ending) || NO_MAIL_ENDINGS.has(ending)) return false;
  return labels.every((label) => label.length <= LABEL_LENGTH && !label.endsWith('-'));
}

/** `git@host:path` is a remote, `//user:secret@host` the login of a URL, `a@b.c(` a method call. */
function isNoMailbox(text: string, start: number, end: number): boolean {
  const after = text.charAt(end);
  if (after === '(') return true;
  if (after === ':' && (isLetterAt(text, end + 1) || text.charAt(end + 1) === '/')) return true;
  return isInAuthority(text, start);
}

function isInAuthority(text: string, start: number): boolean {
  let at = start;
  if (text.charAt(at - 1) === ':') {
    at--;
    while (start - at < LOCAL_LENGTH && isLocalAt(text, at - 1)) at--;
  }
  return text.startsWith('://', at - 3);
}

function isLocalAt(text: string, at: number): boolean {
  return isLabelAt(text, at) || ("._%+-'".includes(text.charAt(at)) && at >= 0 && at < text.length);
}

function isDomainAt(text: string, at: number): boolean {
  const character = text.charAt(at);
  return character === '.' || character === '-' || isLabelAt(text, at);
}

/**
 * ASCII letters and digits, and letters of other alphabets (RFC 6531). Not Chinese, Japanese or
 * Korean: they stand next to addresses without a space far more often than within them.
 */
function isLabelAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 0x80) return isAlphanumericAt(text, at);
  return code >= 0xc0 && code < 0x20_00;
}

/** Words that make four numbers a version or a section; looked for right before the address. */
const VERSION_WORD =
  /(?:\b(?:v|ver|version|versions|release|build|firmware|driver|section|chapter|clause|oid|rev|revision|sdk|runtime)|§)["']?[ :=.#]{0,3}["']?$/i;
const VERSION_REACH = 16;

/** An IPv4 address of a host that begins here: four decimal numbers without leading zeros. */
export function ipv4At(text: string, start: number): PersonalDataFinding | undefined {
  const octets: number[] = [];
  let at = start;
  for (let index = 0; index < 4; index++) {
    if (index > 0 && text.charAt(at++) !== '.') return undefined;
    const length = digitRun(text, at, 4);
    if (length === 0 || length > 3 || (length > 1 && text.charAt(at) === '0')) return undefined;
    octets.push(Number(text.slice(at, at + length)));
    at += length;
  }
  if (!isHost(octets) || !endsAddress(text, at) || isNetwork(text, at, octets[3] === 0)) {
    return undefined;
  }
  return isVersion(text, start) ? undefined : { kind: 'ip-address', start, end: at };
}

/** Not "this host" (0/8), loopback (127/8), multicast, reserved or a mask (224 and up): RFC 6890. */
function isHost(octets: readonly number[]): boolean {
  const first = octets[0] ?? 0;
  return first > 0 && first !== 127 && first < 224 && octets.every((octet) => octet <= 255);
}

/** A range of addresses goes on with a dash and a digit; a version with a dash and a letter. */
function endsAddress(text: string, end: number): boolean {
  return endsAlone(text, end) || (text.charAt(end) === '-' && isDigitAt(text, end + 1));
}

function isNetwork(text: string, end: number, endsInZero: boolean): boolean {
  return endsInZero && text.charAt(end) === '/' && isDigitAt(text, end + 1);
}

/** `Chrome/120.0.0.0`, `==1.2.3.4`, `v1.2.3.4`, `version 1.2.3.4`. */
function isVersion(text: string, start: number): boolean {
  const before = text.charAt(start - 1);
  if (before === '/' && isWordAt(text, start - 2)) return true;
  if (before === '=' && '=<>~!'.includes(text.charAt(start - 2))) return start >= 2;
  return VERSION_WORD.test(text.slice(Math.max(0, start - VERSION_REACH), start));
}

/** Eight groups with their colons, or one double colon in place of some. */
const IPV6_LENGTH = 39;
const HEX_OR_COLON = /^[0-9a-f:]+/i;
/** Global unicast, unique local and link local (RFC 4291, RFC 4193). */
const IPV6_START = /^(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/i;
const GROUP = /^[0-9a-f]{1,4}$/i;
/** Groups of decimal pairs alone are more likely a date and time. */
const HEX_EVIDENCE = /[a-f]|:[0-9]{3,4}(?![0-9])/i;

/** An IPv6 address of a host that begins here. */
export function ipv6At(text: string, start: number): PersonalDataFinding | undefined {
  if (text.charAt(start + 4) !== ':' || text.charAt(start - 1) === ':') return undefined;
  if (!startsAlone(text, start)) return undefined;
  const written = HEX_OR_COLON.exec(text.slice(start, start + IPV6_LENGTH + 1))?.[0] ?? '';
  const address = written.endsWith(':') && !written.endsWith('::') ? written.slice(0, -1) : written;
  const end = start + address.length;
  const isWhole = endsAlone(text, end) && !(written === address && text.charAt(end) === ':');
  const isNet = address.endsWith('::') && text.charAt(end) === '/';
  const isAddress = IPV6_START.test(address) && HEX_EVIDENCE.test(address) && hasGroups(address);
  return isWhole && !isNet && isAddress ? { kind: 'ip-address', start, end } : undefined;
}

function hasGroups(address: string): boolean {
  const [head = '', tail, ...others] = address.split('::');
  if (others.length > 0) return false;
  const groups = [...head.split(':'), ...(tail ? tail.split(':') : [])];
  if (!groups.every((group) => GROUP.test(group))) return false;
  return tail === undefined ? groups.length === 8 : groups.length < 8;
}
