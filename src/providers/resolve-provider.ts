import { PARAMETERS, type Parameter, type Provider, type Wire } from '../domain/model.ts';
import type { ProviderEntry } from '../domain/registry.ts';
import { VENDORS } from './catalog.ts';
import type { Quirks, Vendor } from './vendor.ts';

/** What the Worker's variables say of providers. */
export type ProviderSettings = {
  /** Hosts (without port) that a registry may name beside the built-in ones. */
  readonly allowedHosts: ReadonlySet<string>;
  /** The value of a Worker variable; undefined when it is not set. */
  variable(name: string): string | undefined;
};

const PLACEHOLDER = /\{([A-Z][A-Z0-9_]*)\}/g;
const PLACEHOLDER_VALUE = /^[a-zA-Z0-9-]{1,128}$/;

/** The provider that a model entry names; a string says why it cannot be used. */
export function resolveProvider(
  id: string,
  entry: ProviderEntry | undefined,
  settings: ProviderSettings,
): Provider | string {
  const vendorId = variantOf(entry?.vendor ?? id, entry?.wire);
  const vendor = vendorNamed(vendorId);
  const wire = entry?.wire ?? vendor?.wire;
  if (wire === undefined) {
    return `provider "${id}" is not well known: name its wire and baseUrl under providers`;
  }
  const template = entry?.baseUrl ?? vendor?.baseUrl;
  if (template === undefined) return `provider "${id}" needs a baseUrl under providers`;
  const { baseUrl, unset } = fillIn(template, settings);
  const fault = entry?.baseUrl === undefined ? undefined : hostFault(baseUrl, id, settings);
  if (fault !== undefined) return fault;
  const secret = entry?.secret === undefined ? vendor?.secret : (entry.secret ?? undefined);
  return {
    id,
    wire,
    baseUrl,
    secret,
    unset,
    headers: { ...vendor?.headers, ...entry?.headers },
    parameters: new Set(vendor?.wire === wire ? vendor.parameters : DEFAULT_PARAMETERS[wire]),
    takesImageUrls: vendor?.quirks?.takesNoImageUrls !== true,
    takesFileUrls: takesFileUrls(wire, vendor?.quirks ?? {}),
    billsInFull: vendor?.quirks?.billsInFull === true,
    vendor: vendorId,
  };
}

/** Chat Completions has no form for the address of a document; some of its vendors have their own. */
function takesFileUrls(wire: Wire, { takesNoImageUrls, filePart }: Quirks): boolean {
  if (wire === 'openai') return filePart === 'document_url';
  return takesNoImageUrls !== true;
}

/** The quirks of a provider's vendor; none for a vendor that is not well known. */
export function quirksOf(provider: Provider): Quirks {
  return vendorNamed(provider.vendor)?.quirks ?? {};
}

/** A vendor that speaks several wires has an entry for each. */
function variantOf(vendorId: string, wire: Wire | undefined): string {
  return (wire && vendorNamed(vendorId)?.alsoSpeaks?.[wire]) ?? vendorId;
}

function vendorNamed(id: string): Vendor | undefined {
  return Object.hasOwn(VENDORS, id) ? VENDORS[id] : undefined;
}

/** What is honored by a provider that only its wire is known of. */
const DEFAULT_PARAMETERS: Readonly<Record<Wire, readonly Parameter[]>> = {
  openai: PARAMETERS.filter((parameter) => parameter !== 'top-k'),
  'openai-responses': ['temperature', 'top-p', 'json-object', 'single-tool-call', 'verbosity'],
  anthropic: ['temperature', 'top-p', 'top-k', 'stop', 'single-tool-call'],
  gemini: [
    'temperature',
    'top-p',
    'top-k',
    'frequency-penalty',
    'presence-penalty',
    'seed',
    'stop',
    'json-object',
  ],
  bedrock: ['temperature', 'top-p', 'stop'],
};

function fillIn(
  template: string,
  settings: ProviderSettings,
): { readonly baseUrl: string; readonly unset: string | undefined } {
  let unset: string | undefined;
  const filled = template.replace(PLACEHOLDER, (placeholder, name: string) => {
    const value = settings.variable(name);
    if (value !== undefined && PLACEHOLDER_VALUE.test(value)) return value;
    unset ??= name;
    return placeholder;
  });
  return { baseUrl: filled.endsWith('/') ? filled.slice(0, -1) : filled, unset };
}

/** Host names of this machine: the only ones where plain `http` is taken. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A registry may send requests only to built-in hosts and to those that the Worker allows. */
function hostFault(baseUrl: string, id: string, settings: ProviderSettings): string | undefined {
  const url = urlOf(baseUrl);
  if (url === undefined) return `provider "${id}": its baseUrl is not a URL`;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return `provider "${id}": its baseUrl may hold only a host and a path`;
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) {
    return `provider "${id}": its baseUrl must begin with https (http for loopback only)`;
  }
  if (settings.allowedHosts.has(url.hostname) || isBuiltIn(url.hostname, settings))
    return undefined;
  return `provider "${id}": host ${url.hostname} is not in PROVIDER_HOSTS`;
}

function isBuiltIn(hostname: string, settings: ProviderSettings): boolean {
  return Object.values(VENDORS).some((vendor) => {
    const url = urlOf(fillIn(vendor.baseUrl, settings).baseUrl);
    return url?.protocol === 'https:' && url.hostname === hostname;
  });
}

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
