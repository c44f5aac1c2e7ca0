import {
  type Ease,
  type Evidence,
  type KindShare,
  TASK_KINDS,
  type TaskReading,
} from '../domain/task.ts';
import { FIRST_WORD_ROW, featuresOf, type TextFeatures } from './task-features.ts';
import type { Heads, TaskModel } from './task-model.ts';
import { SIGNS } from './task-signs.ts';

/** Kinds with a smaller share are not worth a mention. */
const LEAST_SHARE = 0.01;
const DIGITS = 10_000;
const MOST_EVIDENCE = 4;

/** What a text tells of the work that it asks for, in a time that has a bound however long it is. */
export function readText(text: string, model: TaskModel): TaskReading {
  return readFeatures(featuresOf(text), model);
}

export function readFeatures(features: TextFeatures, model: TaskModel): TaskReading {
  const all = softmax(scoresOf(model.kinds, features, features.pairsAt));
  const ease = easeFor(all, scoresOf(model.ease, features, features.rows.length), model);
  const shares = likelyKinds(all);
  const [first] = shares;
  const kind = TASK_KINDS.findIndex((name) => first !== undefined && name === first.kind);
  return {
    confidence: first?.share ?? 0,
    shares,
    ease,
    evidence: kind < 0 ? [] : evidenceFor(kind, features, model),
  };
}

/** What the first `end` features add up to in each column. */
function scoresOf(heads: Heads, { rows, values }: TextFeatures, end: number): Float64Array {
  const { columns, weights, scales } = heads;
  const scores = new Float64Array(columns);
  for (let at = 0; at < end; at++) {
    const value = values[at] ?? 0;
    if (value === 0) continue;
    const first = (rows[at] ?? 0) * columns;
    for (let column = 0; column < columns; column++) {
      scores[column] = (scores[column] ?? 0) + value * (weights[first + column] ?? 0);
    }
  }
  for (let column = 0; column < columns; column++) {
    scores[column] = (scores[column] ?? 0) * (scales[column] ?? 0);
  }
  return scores;
}

function softmax(scores: Float64Array): Float64Array {
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Of each group's ease as much as its kinds have of the text. */
function easeFor(shares: Float64Array, ease: Float64Array, { groupOfKind }: TaskModel): Ease {
  let forWeak = 0;
  let forStrong = 0;
  for (const [at, group] of groupOfKind.entries()) {
    const share = shares[at] ?? 0;
    forWeak += share * (ease[group * 2] ?? 0);
    forStrong += share * (ease[group * 2 + 1] ?? 0);
  }
  return { forWeak: rounded(forWeak), forStrong: rounded(forStrong) };
}

/** Few kinds have nearly all of a text; the rest of it is theirs. */
function likelyKinds(all: Float64Array): KindShare[] {
  const likely = TASK_KINDS.map((kind, at) => ({ kind, share: all[at] ?? 0 }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share);
  const sum = likely.reduce((total, { share }) => total + share, 0);
  return likely.map(({ kind, share }) => ({ kind, share: rounded(share / sum) }));
}

/** Signs one by one, and what all words said together: what they were is nobody's business. */
function evidenceFor(kind: number, features: TextFeatures, model: TaskModel): Evidence[] {
  const { rows, values, pairsAt } = features;
  const evidence: Evidence[] = [];
  let words = 0;
  for (let at = 0; at < pairsAt; at++) {
    const row = rows[at] ?? 0;
    const value = values[at] ?? 0;
    if (value === 0) continue;
    const weight = value * weightOver(kind, row, model);
    if (row >= FIRST_WORD_ROW) words += weight;
    else evidence.push({ feature: SIGNS[row]?.[0] ?? '', weight });
  }
  evidence.push({ feature: 'single words', weight: words });
  return evidence
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_EVIDENCE)
    .map(({ feature, weight }) => ({ feature, weight: rounded(weight) }));
}

/** A row's weight for one kind over its mean for all. */
function weightOver(kind: number, row: number, { kinds, usualWeights }: TaskModel): number {
  const { columns, weights, scales } = kinds;
  return (weights[row * columns + kind] ?? 0) * (scales[kind] ?? 0) - (usualWeights[row] ?? 0);
}

function rounded(value: number): number {
  return Math.round(value * DIGITS) / DIGITS;
}
