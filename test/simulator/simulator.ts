import { answerTo, directivesIn } from './answer.ts';
import { CallLog, type SimulatedCall } from './calls.ts';
import { REAL_CLOCK, type SimulatorClock } from './clock.ts';
import { faultyReply, Plan, type PlanRule } from './plan.ts';
import { isRefusal, type Prompt } from './prompt.ts';
import { goodReply, jsonReply, type Pace, type Reply, textReply } from './reply.ts';
import { toResponse } from './respond.ts';
import type { ErrorWords, SimulatedWire } from './wire.ts';
import { anthropicWire } from './wires/anthropic.ts';
import { bedrockWire } from './wires/bedrock.ts';
import { bedrockInvokeWire } from './wires/bedrock-invoke.ts';
import { geminiEmbeddingsWire, openaiEmbeddingsWire } from './wires/embeddings.ts';
import { geminiWire } from './wires/gemini.ts';
import { openaiWire } from './wires/openai.ts';
import { responsesWire } from './wires/openai-responses.ts';
import { vertexAnthropicWire } from './wires/vertex-anthropic.ts';

export type SimulatorConfig = Partial<Pace> & {
  /** Keeps what was asked in the log of calls; off by default. */
  readonly keepsBodies?: boolean;
  /** The machine's time by default. */
  readonly clock?: SimulatorClock;
};

/** Plays LLM providers in their wire formats. */
export type Simulator = {
  fetch(request: Request): Promise<Response>;
  setPlan(rules: readonly PlanRule[], seed?: number): void;
  calls(): readonly SimulatedCall[];
  /** Forgets plan and calls. */
  reset(): void;
};

/**
 * The first part of a path says which provider plays, e.g. `/api.openai.com/v1/chat/completions`; the
 * end of the path says which wire. Any key is good that does not contain `invalid`.
 */
export function createSimulator(config: SimulatorConfig = {}): Simulator {
  const stage: Stage = {
    log: new CallLog(),
    plan: new Plan([], 0),
    pace: { firstMs: config.firstMs ?? 5, gapMs: config.gapMs ?? 2 },
    keepsBodies: config.keepsBodies ?? false,
    clock: config.clock ?? REAL_CLOCK,
  };
  const simulator: Simulator = {
    fetch: (request) => {
      const isControl = new URL(request.url).pathname.startsWith(CONTROL);
      return isControl ? control(request, simulator) : play(request, stage);
    },
    setPlan: (rules, seed = 0) => {
      stage.plan = new Plan(rules, seed);
    },
    calls: () => stage.log.all(),
    reset: () => {
      stage.plan = new Plan([], 0);
      stage.log.clear();
    },
  };
  return simulator;
}

type Stage = {
  readonly log: CallLog;
  plan: Plan;
  readonly pace: Pace;
  readonly keepsBodies: boolean;
  readonly clock: SimulatorClock;
};

const CONTROL = '/__simulator/';

/** `PUT plan {rules, seed}`, `DELETE plan`, `GET calls`, `POST reset`. */
async function control(request: Request, simulator: Simulator): Promise<Response> {
  const action = `${request.method} ${new URL(request.url).pathname.slice(CONTROL.length)}`;
  switch (action) {
    case 'PUT plan': {
      const body = await request.json();
      const { rules, seed } = body as { rules: PlanRule[]; seed?: number }; // our own tests send it
      simulator.setPlan(rules, seed);
      return Response.json({ rules: rules.length });
    }
    case 'DELETE plan':
      simulator.setPlan([]);
      return Response.json({ rules: 0 });
    case 'GET calls':
      return Response.json({ calls: simulator.calls() });
    case 'POST reset':
      simulator.reset();
      return Response.json({ calls: 0 });
    default:
      return Response.json({ error: `no such control: ${action}` }, { status: 404 });
  }
}

const WIRES: readonly (readonly [RegExp, SimulatedWire])[] = [
  [/\/chat\/completions$/, openaiWire],
  [/\/embeddings$/, openaiEmbeddingsWire],
  [/:batchEmbedContents$/, geminiEmbeddingsWire],
  [/\/messages$/, anthropicWire],
  [/:(?:raw|streamRaw)Predict$/, vertexAnthropicWire],
  [/\/responses$/, responsesWire],
  [/\/converse(?:-stream)?$/, bedrockWire],
  [/\/invoke(?:-with-response-stream)?$/, bedrockInvokeWire],
  [/:(?:generateContent|streamGenerateContent)$/, geminiWire],
];

async function play(request: Request, stage: Stage): Promise<Response> {
  const url = new URL(request.url);
  const wire = WIRES.find(([ending]) => ending.test(url.pathname))?.[1];
  if (wire === undefined || request.method !== 'POST') {
    return Response.json(
      { error: { message: `Invalid URL (POST ${url.pathname})` } },
      { status: 404 },
    );
  }
  const text = await request.text();
  const asked = ask(text, wire, url);
  const key = wire.credentialOf(request.headers, url) ?? '';
  const label = url.pathname.split('/')[1] ?? '';
  const prompt = 'ending' in asked ? undefined : asked;
  const call = stage.log.open({
    label,
    wire: wire.name,
    path: url.pathname,
    model: prompt?.model ?? '',
    isStream: prompt?.isStream ?? false,
    nonce: prompt && directivesIn(prompt.userText).get('id')?.[0],
    keyTail: key.slice(-4),
    startedAt: stage.clock.now(),
    body: stage.keepsBodies ? parse(text) : undefined,
    headers: stage.keepsBodies ? Object.fromEntries(request.headers) : {},
  });
  const reply =
    'ending' in asked ? asked : replyTo({ prompt: asked, wire, label, key, call }, stage);
  return toResponse({ reply, call, request, clock: stage.clock });
}

/** What is asked, or how it is refused. */
function ask(text: string, wire: SimulatedWire, url: URL): Prompt | Reply {
  const body = parse(text);
  if (body === undefined) {
    return refuse(wire, { kind: 'invalid', message: 'We could not parse the JSON body.' });
  }
  const read = wire.read(body, url);
  return isRefusal(read) ? refuse(wire, read) : read;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(wire: SimulatedWire, words: ErrorWords): Reply {
  const { status, body, headers } = wire.error(words);
  return jsonReply(status, body, headers);
}

type Entrance = {
  readonly prompt: Prompt;
  readonly wire: SimulatedWire;
  readonly label: string;
  readonly key: string;
  readonly call: SimulatedCall;
};

/** A fault that the prompt wishes for itself, `[[fault: F25]]`, or what the plan says. */
function ruleFor({ prompt, label, key }: Entrance, { plan }: Stage): PlanRule | undefined {
  const fault = directivesIn(prompt.userText).get('fault')?.[0];
  if (fault !== undefined) return { fault };
  return plan.ruleFor({ label, key, model: prompt.model, isStream: prompt.isStream });
}

function replyTo({ prompt, wire, label, key, call }: Entrance, stage: Stage): Reply {
  if (key === '' || key.includes('invalid')) {
    return refuse(wire, { kind: 'auth', message: 'Incorrect API key provided.' });
  }
  if (prompt.model.startsWith('missing-')) {
    return refuse(wire, { kind: 'not-found', message: 'The model does not exist.' });
  }
  const rule = ruleFor({ prompt, wire, label, key, call }, stage);
  call.fault = rule?.fault;
  if (rule?.recorded !== undefined) {
    const { status, headers, chunks } = rule.recorded;
    const pieces = chunks.map((bytes) => ({ bytes, role: 'content' }) as const);
    return { ...textReply(status, '', headers), pieces, firstMs: 1 };
  }
  const telling = { prompt, answer: answerTo(prompt), id: `sim-${call.id}`, label };
  const good = goodReply({ wire, telling }, stage.pace);
  if (rule?.fault === undefined) return good;
  return faultyReply(rule.fault, good, { wire, telling, settings: rule.settings ?? {} });
}
