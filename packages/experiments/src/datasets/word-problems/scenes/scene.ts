import type { Split } from '../../task-item.ts'

/** Sentences with slots: {who} {they} {other} {thing} {box} and the numbers {n} {k} {m}. */
export interface Scene {
  readonly name: string
  /** The actor: a person, or one of these. */
  readonly actors: readonly string[] | 'person'
  readonly things: readonly string[]
  /** Whether a thing may be described further: "red marbles", but not "red dollars". */
  readonly described: boolean
  /** Containers for groups: "3 boxes with 4 apples each". */
  readonly boxes: readonly string[]
  readonly opening: Record<Split, readonly string[]>
  readonly openingGroups: Record<Split, readonly string[]>
  readonly gain: readonly string[]
  readonly lose: readonly string[]
  readonly gainGroups: readonly string[]
  readonly loseGroups: readonly string[]
  readonly multiply: readonly string[]
  readonly question: Record<Split, readonly string[]>
  /** How the worked answer talks about it. */
  readonly telling: {
    readonly has: readonly string[]
    readonly gets: readonly string[]
    readonly loses: readonly string[]
  }
}
