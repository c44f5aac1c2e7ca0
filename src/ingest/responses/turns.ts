import type { AssistantPart, Extras, Message, ToolResultPart } from '../../domain/conversation.ts';

/**
 * Items of a conversation put together to turns: what a model has said, thought and called in a row is
 * one message, and so are the results of its calls.
 */
export class Turns {
  readonly messages: Message[] = [];
  /** What the next tool call has to give back. */
  #forNextCall: Extras = {};

  add(message: Message): void {
    this.messages.push(message);
  }

  /** A message of the model: a second one in a row stays a message of its own. */
  say(parts: readonly AssistantPart[]): void {
    const last = this.#open().at(-1)?.type;
    if (last === 'text' || last === 'refusal') this.add({ role: 'assistant', content: parts });
    else this.#extend(parts);
  }

  think(part: AssistantPart): void {
    this.#extend([part]);
  }

  call(part: Extract<AssistantPart, { readonly type: 'tool-call' }>): void {
    const extras = this.#forNextCall;
    this.#forNextCall = {};
    this.#extend([Object.keys(extras).length === 0 ? part : { ...part, extras }]);
  }

  bring(result: ToolResultPart): void {
    const last = this.messages.at(-1);
    if (last?.role !== 'tool') this.add({ role: 'tool', content: [result] });
    else this.#replaceLast({ role: 'tool', content: [...last.content, result] });
  }

  giveToNextCall(extras: Extras): void {
    this.#forNextCall = extras;
  }

  /** Lost where no text stands before it any more: the caller has taken it out. */
  giveToLastText(extras: Extras): void {
    const open = this.#open();
    const last = open.at(-1);
    if (last?.type !== 'text') return;
    const signed = { ...last, extras: { ...last.extras, ...extras } };
    this.#replaceLast({ role: 'assistant', content: [...open.slice(0, -1), signed] });
  }

  /** What the model has said last, as long as nobody else spoke after it. */
  #open(): readonly AssistantPart[] {
    const last = this.messages.at(-1);
    return last?.role === 'assistant' ? last.content : [];
  }

  #extend(parts: readonly AssistantPart[]): void {
    if (this.messages.at(-1)?.role !== 'assistant') this.add({ role: 'assistant', content: parts });
    else this.#replaceLast({ role: 'assistant', content: [...this.#open(), ...parts] });
  }

  #replaceLast(message: Message): void {
    this.messages[this.messages.length - 1] = message;
  }
}
