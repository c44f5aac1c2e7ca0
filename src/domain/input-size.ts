import type { ImageRule, Tokenizer, TokenizerFamily } from './model.ts';

/** How large a text is: the best guess for cost, the safe upper bound for windows. */
export type TokenEstimate = { readonly estimated: number; readonly atMost: number };
export type TokensByFamily = Readonly<Record<TokenizerFamily, TokenEstimate>>;

export type Pixels = { readonly width: number; readonly height: number };

export type ImageSize = {
  /** Undefined when the image does not say, or is given by its address. */
  readonly pixels: Pixels | undefined;
  readonly isLowDetail: boolean;
};

/** What an input has beside the text of its messages; each model counts it in its own way. */
export type InputSize = {
  readonly messages: number;
  /** The declarations of the tools as JSON; undefined without tools. */
  readonly tools: TokensByFamily | undefined;
  readonly images: readonly ImageSize[];
  /** Documents and audio, the same for every model: nothing tells their length. */
  readonly otherMedia: TokenEstimate;
};

type Input = { readonly text: TokensByFamily; readonly size: InputSize };

/** The largest fixed cost of offering any tool that was measured, with room: it differs by model. */
const LARGEST_TOOL_BASE = 800;
/** Overheads were measured on few models, and change with their versions. */
const OVERHEAD_GUARD = 1.25;

/**
 * The whole input for one model. `ratio` is what its reported counts have been over these estimates:
 * it may raise the bound, but never lower it, for the next text is another one.
 */
export function tokensIn(input: Input, tokenizer: Tokenizer, ratio: number): TokenEstimate {
  const { text, size } = input;
  const multiplier = tokenizer.multiplier * ratio;
  const own = text[tokenizer.family];
  const overhead = overheadIn(size, tokenizer);
  return {
    estimated: Math.ceil(own.estimated * multiplier + overhead.estimated),
    atMost: Math.ceil(own.atMost * Math.max(multiplier, 1) + overhead.atMost),
  };
}

/** Everything but the text of the messages. */
export function overheadIn(size: InputSize, tokenizer: Tokenizer): TokenEstimate {
  const { baseTokens, messageTokens } = tokenizer;
  // Texts to embed are no messages, and have no frame.
  const frame = size.messages === 0 ? 0 : baseTokens + messageTokens * size.messages;
  let estimated = frame + size.otherMedia.estimated;
  let atMost = frame * OVERHEAD_GUARD + size.otherMedia.atMost;
  if (size.tools !== undefined) {
    const tools = size.tools[tokenizer.family];
    estimated += tokenizer.toolBaseTokens + tools.estimated * tokenizer.toolMultiplier;
    const toolBase = Math.max(tokenizer.toolBaseTokens * OVERHEAD_GUARD, LARGEST_TOOL_BASE);
    atMost += toolBase + tools.atMost * Math.max(tokenizer.toolMultiplier, 1);
  }
  for (const image of size.images) {
    const tokens = imageTokens(image, tokenizer.images);
    estimated += tokens.estimated;
    atMost += tokens.atMost;
  }
  return { estimated, atMost };
}

const USUAL_IMAGE: Pixels = { width: 1024, height: 1024 };
/** Larger images are taken for this large: providers scale them down. */
const LARGEST_IMAGE: Pixels = { width: 3072, height: 3072 };

function imageTokens({ pixels, isLowDetail }: ImageSize, rule: ImageRule): TokenEstimate {
  if (isLowDetail && rule.type === 'tiles' && rule.baseTokens > 0) {
    return { estimated: rule.baseTokens, atMost: rule.baseTokens };
  }
  if (pixels !== undefined) {
    const tokens = tokensOfPixels(pixels, rule);
    return { estimated: tokens, atMost: tokens };
  }
  return {
    estimated: tokensOfPixels(USUAL_IMAGE, rule),
    atMost: mostTokens(rule),
  };
}

/** What a provider makes of an image at the most. */
function mostTokens(rule: ImageRule): number {
  switch (rule.type) {
    case 'fixed':
      return rule.tokens;
    case 'area':
      return rule.maxTokens;
    case 'patches':
      return Math.ceil(rule.maxPatches * rule.multiplier);
    case 'tiles': {
      const { shortSidePixels: shortSide } = rule;
      const largest = shortSide === undefined ? LARGEST_IMAGE : { width: 2048, height: shortSide };
      return tokensOfPixels(largest, rule);
    }
  }
}

function tokensOfPixels(pixels: Pixels, rule: ImageRule): number {
  switch (rule.type) {
    case 'fixed':
      return rule.tokens;
    case 'area': {
      const { width, height } = fitWithin(pixels, rule.longSidePixels);
      return Math.min(rule.maxTokens, Math.ceil((width * height) / rule.pixelsPerToken));
    }
    case 'patches': {
      const patches = squaresIn(pixels, rule.patchPixels);
      return Math.ceil(Math.min(patches, rule.maxPatches) * rule.multiplier);
    }
    case 'tiles': {
      const shown = scaledForTiles(pixels, rule.shortSidePixels);
      return rule.baseTokens + rule.tokensPerTile * squaresIn(shown, rule.tilePixels);
    }
  }
}

const TILED_LONG_SIDE = 2048;

/** Fits into a square of 2,048 pixels, then the short side comes down to the tiles' own. */
function scaledForTiles(pixels: Pixels, shortSide: number | undefined): Pixels {
  if (shortSide === undefined) return fitWithin(pixels, LARGEST_IMAGE.width);
  const fitted = fitWithin(pixels, TILED_LONG_SIDE);
  const scale = Math.min(1, shortSide / Math.min(fitted.width, fitted.height));
  return { width: fitted.width * scale, height: fitted.height * scale };
}

function fitWithin({ width, height }: Pixels, longSide: number): Pixels {
  const scale = Math.min(1, longSide / Math.max(width, height));
  return { width: width * scale, height: height * scale };
}

/** Rounded before it is counted: 767.9999 pixels are 768. */
function squaresIn({ width, height }: Pixels, side: number): number {
  return Math.ceil(Math.round(width) / side) * Math.ceil(Math.round(height) / side);
}
