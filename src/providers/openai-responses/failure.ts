import type { AttemptFailure } from '../../domain/failure.ts';
import { isJsonObject } from '../../domain/json.ts';
import { fromErrorInBody } from '../error-body.ts';

export { toFailure } from '../error-body.ts';

/** The status that a code stands for, where an answer of status 200 has failed; 500 for the others. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  insufficient_quota: 429,
  rate_limit_exceeded: 429,
  model_not_found: 404,
  invalid_api_key: 401,
  context_length_exceeded: 400,
  data_residency_mismatch: 400,
  invalid_image: 400,
  invalid_image_format: 400,
  invalid_base64_image: 400,
  invalid_image_url: 400,
  invalid_image_mode: 400,
  image_too_large: 400,
  image_too_small: 400,
  image_parse_error: 400,
  image_file_too_large: 400,
  image_file_not_found: 400,
  unsupported_image_media_type: 400,
  empty_image_file: 400,
  failed_to_download_image: 400,
};

/** Codes by which the safety system refuses a prompt. */
const POLICY_CODES = new Set([
  'invalid_prompt',
  'bio_policy',
  'cyber_policy',
  'image_content_policy_violation',
]);

/**
 * An error of status 200: `response.failed`, a response whose `error` is set, or an `error` event,
 * whose fields stand at the top or inside `error`.
 */
export function fromFailedAnswer(json: unknown): AttemptFailure {
  const fault = isJsonObject(json) && isJsonObject(json['error']) ? json['error'] : json;
  if (!isJsonObject(fault)) return fromErrorInBody(json);
  const code = String(fault['code']);
  if (POLICY_CODES.has(code)) {
    return fromErrorInBody({ error: { ...fault, type: 'content_policy_violation', status: 400 } });
  }
  const status = Object.hasOwn(STATUS_BY_CODE, code) ? STATUS_BY_CODE[code] : undefined;
  return fromErrorInBody({ error: status === undefined ? fault : { ...fault, status } });
}
