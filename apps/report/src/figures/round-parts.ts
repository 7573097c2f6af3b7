/** The parts of a round in the order in which they happen, and how each is painted. */
export const roundParts = [
  { key: 'draftMs', label: 'draft', patch: 'patch-draft', colour: 'var(--part-draft)' },
  { key: 'queueMs', label: 'queue', patch: 'patch-queue', colour: 'var(--part-queue)' },
  { key: 'computeMs', label: 'compute', patch: 'patch-compute', colour: 'var(--part-compute)' },
  { key: 'linkMs', label: 'links', patch: 'patch-link', colour: 'var(--part-link)' },
  { key: 'returnMs', label: 'verdict', patch: 'patch-return', colour: 'var(--part-return)' },
] as const

export type RoundPart = (typeof roundParts)[number]

/** The parts of the time of a token: those of its round, and what no part of a live round accounts for. */
export const tokenParts = [
  ...roundParts,
  { key: 'restMs', label: 'unaccounted', patch: 'patch-rest', colour: 'var(--part-rest)' },
] as const

export type TokenPart = (typeof tokenParts)[number]
