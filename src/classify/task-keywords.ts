type KeywordGroup = { readonly name: string; readonly words: string };

/**
 * Words that tell the kind of a request by themselves. Explanations name the group and never the word:
 * a decision is kept, and the text of a prompt is not. At most 255 groups.
 */
export const KEYWORD_GROUPS: readonly KeywordGroup[] = [
  {
    name: 'everyday arithmetic',
    words:
      'buys bought sells sold costs cost price pay paid pays spend spends earns earned money dollars cents each every total altogether many much left remaining half twice thrice dozen miles hours minutes week weeks day days apples eggs cookies books pounds feet',
  },
  {
    name: 'mathematics',
    words:
      'equation polynomial integer integers matrix vector prime modulo triangle circle perpendicular angle radius theorem prove proof function derivative integral limit factor fraction sqrt frac cdot sum product probability permutation subset group ring field homomorphism eigenvalue variance standard deviation mean median sequence digits divisible divisor',
  },
  {
    name: 'physics and engineering',
    words:
      'velocity acceleration mass force momentum energy joules watts volts voltage current resistance circuit ohm ohms capacitor inductor magnetic electric field photon wavelength frequency temperature pressure thermodynamic entropy heat fluid viscosity turbine pipe beam stress strain load bearing motor generator kg m/s newton orbit planet star light lens mirror',
  },
  {
    name: 'chemistry',
    words:
      'mole moles molar molarity reaction acid base ph pka ion ions oxidation electron electrons orbital bond bonds compound solution solvent solubility equilibrium enthalpy catalyst titration isotope atomic molecule molecules gas hydrogen oxygen carbon sodium chloride aqueous precipitate',
  },
  {
    name: 'biology',
    words:
      'cell cells dna rna protein proteins gene genes allele alleles chromosome chromosomes species evolution enzyme enzymes membrane mitosis meiosis photosynthesis organism organisms population ecosystem plant plants bacteria mutation phenotype genotype',
  },
  {
    name: 'medicine',
    words:
      'patient patients disease diagnosis symptoms treatment clinical therapy drug drugs dose physician hospital blood pressure heart liver kidney lung muscle nerve artery vein cancer tumor infection virus vaccine syndrome chronic acute pain fever vitamin diet nutrition health medical surgery',
  },
  {
    name: 'law',
    words:
      'plaintiff defendant court statute contract liability negligence tort jury trial evidence testimony constitutional constitution amendment felony murder larceny robbery deed conveyance landowner appeal jurisdiction attorney lawsuit damages breach offeror consideration treaty sovereign',
  },
  {
    name: 'business and economics',
    words:
      'market demand supply firm firms monopoly inflation gdp unemployment tax taxes interest bond stock shares dividend investment investor revenue profit assets liabilities equity depreciation inventory accounting auditor cash loan budget marketing consumer consumers customers management manager brand company corporation price elasticity currency exchange',
  },
  {
    name: 'history and society',
    words:
      'war empire king queen revolution century president treaty government political democracy congress senate colonial colony civilization dynasty religion church islam buddhist christian population urban culture ancient archaeological policy nation nations soviet treaty',
  },
  {
    name: 'mind and morals',
    words:
      'moral ethics ethical philosopher kant utilitarian virtue argues according morally wrong cognitive behavior psychologist psychology therapy therapist conditioning reinforcement memory personality anxiety depression child development stimulus self freud piaget',
  },
  {
    name: 'computing',
    words:
      'algorithm complexity binary bits byte bytes memory cache processor cpu network protocol packet encryption database query neural learning gradient overfitting classifier compiler thread threads pointer stack queue hash graph node nodes',
  },
  {
    name: 'code',
    words:
      'def return class import function int str string list dict array boolean true false none null self print assert len range elif else for while const let var public static void async await type interface struct select from where insert sql json html css javascript typescript python java rust golang bash regex api endpoint refactor debug bug compile exception traceback unit',
  },
  {
    name: 'logic',
    words:
      'premise premises conclusion valid invalid argument fallacy implies implication proposition propositional predicate truth table symbolize formula syllogism therefore puzzle clue clues house houses',
  },
  {
    name: 'classification',
    words:
      'classify classification categorize category categories label labels sentiment positive negative neutral spam intent intents topic tag tags toxic toxicity rate rating moderate moderation whether',
  },
  {
    name: 'extraction',
    words:
      'extract extraction parse fields entities entity names dates emails phone addresses amounts invoice json key value values schema table columns csv structured mentioned list',
  },
  {
    name: 'summaries',
    words:
      'summarize summarise summary summaries tldr tl dr gist condense abstract takeaways bullet bullets digest overview shorten recap synopsis executive minutes key points',
  },
  {
    name: 'translation',
    words:
      'translate translation translated translating french german spanish italian portuguese dutch polish russian ukrainian turkish arabic hebrew hindi chinese mandarin japanese korean vietnamese thai swedish danish finnish greek czech english localize localise',
  },
  {
    name: 'writing',
    words:
      'write compose draft story poem essay blog post email letter paragraph rewrite rephrase tone slogan tagline headline speech song lyrics haiku limerick novel character plot dialogue creative advertisement caption product description',
  },
  {
    name: 'conversation',
    words:
      'hi hello hey thanks thank please you your help feel think favorite joke chat today good morning advice recommend suggest suggestion opinion friend sorry',
  },
  {
    name: 'questions of fact',
    words:
      'who which whose whom where when what name capital born died won author singer film movie',
  },
  {
    name: 'reading',
    words: 'passage text paragraph author following article mainly according infer title writer',
  },
  { name: 'negation', words: 'not except never false incorrect least no nor neither without' },
  {
    name: 'comparison',
    words: 'more less than greater most fewer older younger times ratio percent',
  },
];

const NO_GROUP = 255;
const SLOTS = 65_536;

/** The hash of a lower-case word, as the scan makes it. */
function hashOf(word: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < word.length; at++)
    hash = Math.imul(hash ^ word.charCodeAt(at), 0x01_00_01_93);
  return hash;
}

/** Group by the lower half of a word's hash: a foreign word takes a slot with one chance in a hundred. */
const GROUP_OF_SLOT = slots();

function slots(): Uint8Array {
  const groups = new Uint8Array(SLOTS).fill(NO_GROUP);
  for (const [group, { words }] of KEYWORD_GROUPS.entries()) {
    for (const word of words.split(' ')) groups[slotOf(hashOf(word))] = group;
  }
  return groups;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}

/** The group of a word, by its hash. */
export function keywordGroupOf(hash: number): number | undefined {
  const group = GROUP_OF_SLOT[slotOf(hash)];
  return group === NO_GROUP ? undefined : group;
}
