import { WITH_PERSONAL_DATA, WITHOUT_PERSONAL_DATA } from './personal-data-texts.ts';
import { hasChecksum, scorePersonalData } from './score-personal-data.ts';

/** `npm run eval:personal-data`: precision and recall of each format on the cases of its tests. */
const cases = [...WITH_PERSONAL_DATA, ...WITHOUT_PERSONAL_DATA];
const lines = scorePersonalData(cases).map(({ kind, expected, precision, recall }) => {
  const shares = [precision, recall].map((share) => share.toFixed(3).padStart(11)).join('');
  return `${kind.padEnd(20)}${String(expected).padStart(5)}${shares}${hasChecksum(kind) ? '' : '  no checksum'}`;
});
const heading = `${'format'.padEnd(20)}found  precision  recall, of ${cases.length} texts, ${WITHOUT_PERSONAL_DATA.length} without any`;
process.stdout.write(`${[heading, ...lines].join('\n')}\n`);
