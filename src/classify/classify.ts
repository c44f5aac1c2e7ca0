import type { Conversation, Message } from '../domain/conversation.ts';
import type { Requirement } from '../domain/decision.ts';
import type { Abilities, Parameter } from '../domain/model.ts';
import type { RoutingRequest } from '../domain/request.ts';
import type { RoutingConfig } from '../domain/routing-config.ts';
import { embeddingNeeds } from './embedding-needs.ts';
import { measureInput, NO_INPUT, textsOf } from './measure-input.ts';
import { hasPersonalData } from './personal-data.ts';
import { readTask } from './read-task.ts';

/** Room left for an answer whose length the caller did not limit. */
const USUAL_OUTPUT_ROOM_TOKENS = 1024;
/** The same when the model is asked to reason first. */
const REASONING_OUTPUT_ROOM_TOKENS = 8192;
/** What an answer usually has, for the estimated cost. */
const USUAL_OUTPUT_TOKENS = 400;
/** What does this request need? Reads it once; nothing later looks at its text. */
export function classify(
  request: RoutingRequest,
  config: RoutingConfig['compliance'] = NO_DETECTION,
): Requirement {
  const needs = conversationNeeds(request, config);
  const task = request.conversation?.embedding;
  return task === undefined ? needs : { ...needs, ...embeddingNeeds(request, task) };
}

function conversationNeeds(
  request: RoutingRequest,
  config: RoutingConfig['compliance'],
): Requirement {
  const { conversation } = request;
  const abilities = abilitiesOf(request);
  const room = abilities.reasoning ? REASONING_OUTPUT_ROOM_TOKENS : USUAL_OUTPUT_ROOM_TOKENS;
  const outputRoomTokens = conversation?.maxOutputTokens ?? room;
  return {
    abilities,
    parameters: conversation === undefined ? new Set() : parametersOf(conversation),
    parametersAreRequired: request.provider?.require_parameters !== false,
    ...(conversation === undefined ? NO_INPUT : measureInput(conversation)),
    estimatedOutputTokens: Math.min(outputRoomTokens, USUAL_OUTPUT_TOKENS),
    outputRoomTokens,
    contextTokens: request.maxContextTokens ?? 0,
    ...complianceOf(request, config),
    regions: new Set(request.regions ?? []),
    dialect: conversation?.native?.isOnlyForm === true ? conversation.native.dialect : undefined,
    ...(request.task === undefined ? readTask(conversation) : { task: request.task }),
  };
}

function abilitiesOf(request: RoutingRequest): Abilities {
  const { conversation } = request;
  const media = conversation === undefined ? NO_MEDIA : mediaOf(conversation.messages);
  const usesTools = conversation !== undefined && needsTools(conversation);
  return {
    functionCalling: request.requiresFunctionCalling === true || usesTools,
    parallelToolCalls: usesTools && conversation.parallelToolCalls === true,
    vision: request.requiresVision === true || media.image,
    imageUrls: media.imageUrl,
    fileUrls: media.fileUrl,
    pdf: media.file,
    audio: media.audio,
    structuredOutput: conversation?.responseFormat?.type === 'json-schema',
    reasoning: asksForReasoning(conversation),
    prefill: conversation?.isPrefilled === true,
  };
}

function asksForReasoning(conversation: Conversation | undefined): boolean {
  const reasoning = conversation?.reasoning;
  if (reasoning === undefined || reasoning.effort === 'none') return false;
  return reasoning.effort !== undefined || (reasoning.budgetTokens ?? 0) > 0;
}

function needsTools(conversation: Conversation): boolean {
  return conversation.tools.length > 0 || conversation.messages.some(({ role }) => role === 'tool');
}

const NO_MEDIA = { image: false, imageUrl: false, file: false, fileUrl: false, audio: false };
type Media = typeof NO_MEDIA;

function mediaOf(messages: readonly Message[]): Media {
  const media = { ...NO_MEDIA };
  for (const message of messages) {
    for (const part of message.content) {
      if (part.type === 'tool-result') for (const piece of part.content) note(media, piece);
      else note(media, part);
    }
  }
  return media;
}

function note(media: Media, part: Message['content'][number]): void {
  if (part.type === 'image') {
    media.image = true;
    media.imageUrl ||= part.source.type === 'url';
  } else if (part.type === 'file') {
    media.file = true;
    media.fileUrl ||= part.source.type === 'url';
  } else if (part.type === 'audio') media.audio = true;
}

/** The settings that a model must honor, one test each; defaults of the dialects ask for nothing. */
const PARAMETER_TESTS: readonly (readonly [Parameter, (c: Conversation) => boolean])[] = [
  [
    'temperature',
    ({ sampling }) => sampling.temperature !== undefined && sampling.temperature !== 1,
  ],
  ['top-p', ({ sampling }) => sampling.topP !== undefined && sampling.topP !== 1],
  ['top-k', ({ sampling }) => sampling.topK !== undefined],
  ['frequency-penalty', ({ sampling }) => (sampling.frequencyPenalty ?? 0) !== 0],
  ['presence-penalty', ({ sampling }) => (sampling.presencePenalty ?? 0) !== 0],
  ['seed', ({ sampling }) => sampling.seed !== undefined],
  ['stop', ({ stop }) => stop.length > 0],
  ['logit-bias', ({ sampling }) => Object.keys(sampling.logitBias ?? {}).length > 0],
  ['logprobs', ({ sampling }) => sampling.logprobs === true],
  ['several-choices', ({ sampling }) => (sampling.choices ?? 1) > 1],
  ['json-object', ({ responseFormat }) => responseFormat?.type === 'json-object'],
  ['single-tool-call', ({ parallelToolCalls }) => parallelToolCalls === false],
  ['verbosity', ({ sampling }) => (sampling.verbosity ?? 'medium') !== 'medium'],
];

function parametersOf(conversation: Conversation): ReadonlySet<Parameter> {
  return new Set(
    PARAMETER_TESTS.filter(([, isAsked]) => isAsked(conversation)).map(([parameter]) => parameter),
  );
}

const NO_DETECTION: RoutingConfig['compliance'] = {
  piiSafeModels: [],
  blockUnsafeRouting: true,
  auditLogging: false,
};
/** What a model must carry to be given personal data. */
const PERSONAL_DATA_TAG = 'pii_safe';

/**
 * OpenRouter's privacy switches are tags like others: a model must carry them. Personal data that is
 * found adds its own, which the registry may make a preference.
 */
function complianceOf(
  request: RoutingRequest,
  config: RoutingConfig['compliance'],
): Pick<Requirement, 'compliance' | 'preferredCompliance'> {
  const compliance = new Set(request.compliance ?? []);
  const preferredCompliance = new Set<string>();
  if (request.provider?.data_collection === 'deny') compliance.add('no_data_collection');
  if (request.provider?.zdr === true) compliance.add('zdr');
  const isSearched = config.detectPersonalData === true || request.detectPersonalData === true;
  if (isSearched && !compliance.has(PERSONAL_DATA_TAG) && holdsPersonalData(request.conversation)) {
    (config.blockUnsafeRouting ? compliance : preferredCompliance).add(PERSONAL_DATA_TAG);
  }
  return { compliance, preferredCompliance };
}

/** Every text is searched, whatever its length: one that is passed over could be the one. */
function holdsPersonalData(conversation: Conversation | undefined): boolean {
  return conversation !== undefined && textsOf(conversation).some(hasPersonalData);
}
