import type { AttemptFailure } from '../domain/failure.ts';
import type { StreamEvent } from '../domain/ports.ts';
import {
  type FinishReason,
  type ModelStreamPart,
  mergeUsage,
  type Usage,
} from '../domain/response.ts';
import { PassedContent } from './passed.ts';

/** More than the keep-alive events that may stand behind the last one with content. */
const KEPT_EVENTS = 8;

/** What a stream has brought so far: enough to bill it, to judge its end and to close its record. */
export class StreamTally {
  usage: Usage = {};
  finishReason: FinishReason | undefined;
  /** The dialect's own last word was seen. */
  isDone = false;
  /** A fault that the provider reported inside the stream. */
  failure: AttemptFailure | undefined;
  outputCharacters = 0;
  upstreamId: string | undefined;
  upstreamModel: string | undefined;
  /** It was ended by us, at the limit of its model. */
  isCut = false;
  /** An event that could not be read was among them. */
  hasBroken = false;
  readonly passed = new PassedContent();
  /** The last few events, for a writer that must know where the dialect's own count stands. */
  readonly last: StreamEvent[] = [];

  add(events: readonly StreamEvent[]): void {
    for (const { parts, isBroken } of events) {
      this.hasBroken ||= isBroken;
      for (const part of parts) this.#addPart(part);
    }
    this.last.push(...events.slice(-KEPT_EVENTS));
    this.last.splice(0, this.last.length - KEPT_EVENTS);
  }

  /** The answer ends here, as one that its limit has ended (fault catalogue F61). */
  cut(): void {
    this.isCut = true;
    this.finishReason = { unified: 'length', raw: undefined };
  }

  /** Any terminal sign of the dialect makes an answer whole (fault catalogue F53). */
  get isComplete(): boolean {
    return this.failure === undefined && (this.finishReason !== undefined || this.isDone);
  }

  #addPart(part: ModelStreamPart): void {
    this.passed.add(part);
    switch (part.type) {
      case 'start':
        this.upstreamId = part.upstreamId;
        this.upstreamModel = part.upstreamModel;
        return;
      case 'text-delta':
      case 'reasoning-delta':
      case 'refusal-delta':
        this.outputCharacters += part.text.length;
        return;
      case 'tool-call-start':
        this.outputCharacters += part.name.length;
        return;
      case 'tool-call-delta':
        this.outputCharacters += part.arguments.length;
        return;
      case 'usage':
        this.usage = mergeUsage(this.usage, part.usage);
        return;
      case 'finish':
        this.finishReason = part.reason;
        return;
      case 'done':
        this.isDone = true;
        return;
      case 'error':
        this.failure ??= part.failure;
        return;
      case 'citation':
        return;
    }
  }
}
