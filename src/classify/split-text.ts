/** How far before the end of an even share a better place to cut is looked for. */
const SEARCHED_RATIO = 0.1;
/** Where a text is best cut, the best places first: paragraphs, lines, sentences, words. */
const SEAMS = ['\n\n', '\n', '. ', ' '];

/** Cuts a text into so many pieces of about the same length, behind paragraphs where there are some. */
export function splitText(text: string, count: number): readonly string[] {
  const share = text.length / count;
  const pieces: string[] = [];
  let from = 0;
  for (let piece = 1; piece < count; piece++) {
    const to = seamBefore(text, Math.round(piece * share), Math.floor(share * SEARCHED_RATIO));
    pieces.push(text.slice(from, to));
    from = to;
  }
  return [...pieces, text.slice(from)];
}

function seamBefore(text: string, end: number, searched: number): number {
  const window = text.slice(end - searched, end);
  for (const seam of SEAMS) {
    const at = window.lastIndexOf(seam);
    if (at >= 0) return end - searched + at + seam.length;
  }
  return isWithinPair(text, end) ? end - 1 : end;
}

/** The two halves of a character beyond the first plane stay together. */
function isWithinPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xff_ff;
}
