import type { Parameter, Wire } from '../domain/model.ts';
import type { NativeStream } from '../domain/ports.ts';

/** How a vendor takes its key. `aws`: as a bearer, or by a signature; see `aws-key.ts`. */
export type AuthScheme = 'bearer' | 'x-api-key' | 'api-key' | 'x-goog-api-key' | 'aws';

/** What a vendor does differently from the plain wire. All have the plain wire's way by default. */
export type Quirks = {
  readonly auth?: AuthScheme;
  /** Replaces the wire's path, e.g. `/chat/completions`. `{model}` stands for the model's name. */
  readonly path?: string;
  /** The path of a streamed call where it is another one. */
  readonly streamPath?: string;
  /** The path names the model: the body must not. */
  readonly hasModelInPath?: boolean;
  /** The path says whether to stream: the body must not. */
  readonly hasStreamInPath?: boolean;
  /** Fixed fields of every body. */
  readonly bodyFields?: Readonly<Record<string, string>>;
  /** The field of the output limit; `max_completion_tokens` by default. */
  readonly outputLimitField?: 'max_completion_tokens' | 'max_tokens';
  readonly seedField?: 'seed' | 'random_seed';
  /** How "call some tool" is said; `required` by default. */
  readonly requiredToolChoice?: 'required' | 'any';
  /** A named tool cannot be forced: only that tool is offered, and a call required. */
  readonly hasNoNamedToolChoice?: boolean;
  /** Instructions go in role `system`: `developer` is not known. */
  readonly hasNoDeveloperRole?: boolean;
  /** The field in which it is told how much to reason; `reasoning_effort` by default. */
  readonly reasoningField?: 'reasoning_effort' | 'reasoning' | 'thinking' | 'thinking-and-effort';
  /** Where the reasoning of earlier turns is taken back; nowhere by default. */
  readonly reasoningReturn?:
    | 'reasoning_content'
    | 'reasoning'
    | 'reasoning_details'
    | 'thinking-parts';
  /** Turns with tool calls must have their reasoning, if only an empty one. */
  readonly requiresReasoning?: boolean;
  /** Messages are checked strictly: only these fields are taken beside those that all vendors know. */
  readonly messageFields?: readonly string[];
  /** Usage comes in a stream without being asked for; `stream_options` is not sent. */
  readonly sendsUsageUnasked?: boolean;
  /** Reasoning tokens are not contained in the output tokens. */
  readonly reasoningIsOutsideOutput?: boolean;
  /** Streams are read and written anew even for callers of the same dialect. */
  readonly stream?: NativeStream;
  /** Streams come as AWS's binary messages that wrap the wire's own events. */
  readonly hasBinaryStream?: boolean;
  /** Fields of the dialect that the vendor refuses, besides the parameters it does not honor. */
  readonly refusedFields?: readonly string[];
  /** Further fields that the vendor takes beyond the dialect. */
  readonly ownFields?: readonly string[];
  /** Images must come inside the request: an address is not fetched. */
  readonly takesNoImageUrls?: boolean;
  /** How a document is given; `file` by default. */
  readonly filePart?: 'file' | 'document_url';
  /** The field that says how long vectors shall be; `dimensions` by default. */
  readonly dimensionsField?: 'dimensions' | 'output_dimension';
  /** The one form in which vectors come; by default the caller's wish is sent. */
  readonly vectorFormat?: 'float' | 'base64' | 'base64_int8';
  /** A whole answer that its caller does not wait for is written to its end all the same, and billed. */
  readonly billsInFull?: boolean;
  /** Tool call ids must have nine letters and digits. */
  readonly hasShortToolIds?: boolean;
};

/** A well-known provider, as data. */
export type Vendor = {
  readonly wire: Wire;
  /** May hold `{NAME}`: the value of a Worker variable, letters, digits and dashes only. */
  readonly baseUrl: string;
  readonly secret: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly parameters: readonly Parameter[];
  readonly quirks?: Quirks;
  /** Its other wires, each with the entry of the catalog that says how it speaks it. */
  readonly alsoSpeaks?: Readonly<Partial<Record<Wire, string>>>;
};
