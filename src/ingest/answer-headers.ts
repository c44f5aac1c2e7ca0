import type { Answer } from '../domain/journey.ts';
import { formatUsd } from '../domain/money.ts';

const UNPRINTABLE = /[^\x20-\x7e]/g;
const MAX_WARNINGS = 10;
const MAX_WARNING_LENGTH = 160;

/** What the headers say of an answer: who gave it, why, after how much, and what it cost. */
export function answerHeaders(answer: Answer, totalMs: number): Record<string, string> {
  const { head, decision } = answer;
  const cost = answer.type === 'whole' ? answer.bill.costNanoUsd : undefined;
  return {
    'x-router-model': head.model,
    'x-router-provider': answer.provider,
    'x-router-reason': printable(decision.reason),
    'x-router-attempts': String(answer.attempts),
    'x-router-fallbacks': String(answer.fallbacks),
    'x-router-registry': decision.registryVersion,
    ...(cost !== undefined && { 'x-router-cost-usd': formatUsd(cost) }),
    ...warningHeader(answer),
    'server-timing': `total;dur=${totalMs}`,
  };
}

function warningHeader({ head }: Answer): Record<string, string> {
  if (head.warnings.length === 0) return {};
  const texts = head.warnings.slice(0, MAX_WARNINGS).map(({ message }) => {
    return printable(message).slice(0, MAX_WARNING_LENGTH);
  });
  return { 'x-router-warnings': [...new Set(texts)].join('; ') };
}

/** A header holds printable ASCII; nothing a caller or a registry wrote may break out of it (A15). */
function printable(text: string): string {
  return text.replace(UNPRINTABLE, '?');
}
