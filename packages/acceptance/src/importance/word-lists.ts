const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/))

/** Quantities written as words. */
export const NUMBER_WORDS = words(`
  zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
  eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen
  half quarter third once twice thrice double triple first second
`)

/** Words that turn a statement around, or limit it. */
export const NEGATIONS = words(`
  not no never none nobody nothing nowhere neither nor without cannot except unless
`)

/** Words that carry the logic from one clause to the next, in English and in code. */
export const CONNECTIVES = words(`
  and or but because so therefore thus hence however although though since if then else while whereas when until
  before after also instead otherwise
`)

export const FUNCTION_WORDS = words(`
  a an the this that these those i you he she it we they me him her us them my your his its our their mine yours hers
  ours theirs who whom whose which what there here of in on at by to from for with about into over under between through
  during per as than like up down out off is are was were be been being am do does did has have had having will would
  shall should can could may might must 's 'm 're 've 'll 'd very just too
`)

/** Words of programming languages that English prose rarely uses; case matters. */
export const KEYWORDS = words(`
  function return const let var switch case break continue throw try catch finally new class extends import export
  default async await yield typeof instanceof void null undefined true false this super static def lambda elif
  None True False print
`)
