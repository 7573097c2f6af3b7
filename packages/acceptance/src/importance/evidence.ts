import {
  type Distribution,
  type JudgedRow,
  mostLikely,
  type RuleContext,
  TOKEN_CLASSES,
  type TokenClass,
  type TokenId,
  topTwo,
} from '@dsd-lab/core'

/**
 * What a scorer looks at. All of it follows from the two laws, never from the noise or, where the draft law travels, from
 * the token that was sampled: conditioning on the sample would bend the output law of a rule that relaxes by importance.
 */
export interface Evidence {
  /** Raw target logits. `[vocab]` */
  readonly logits: Float32Array
  /** The target law to compare with the draft: warped as it was sampled, at temperature 0 the untempered one. */
  readonly target: Distribution
  /** Target law at temperature 1. */
  readonly untempered: Distribution
  /** The draft law, when it travels. */
  readonly draft: Distribution | undefined
  /** The target's most likely token. */
  readonly best: TokenId
  /** The target's second most likely token. */
  readonly second: TokenId | undefined
  /** The drafter's most likely token; the drafted one where no law travels; undefined on a row without a draft. */
  readonly proposed: TokenId | undefined
  /** Classes of `best` and `proposed`; empty without a tokenizer. */
  readonly classes: readonly TokenClass[]
}

/** Reads a row. Nothing heavy happens before a scorer asks for `target` or `untempered`. */
export function evidenceOf(row: JudgedRow, context: RuleContext): Evidence {
  const { first: best, second } = topTwo(row.logits)
  const { draft, drafted } = row
  const proposed = draft === undefined ? drafted : mostLikely(draft)
  return {
    logits: row.logits,
    get target() {
      return context.temperature === 0 ? row.untempered : row.target
    },
    get untempered() {
      return row.untempered
    },
    draft,
    best,
    second,
    proposed,
    classes: classesOf(proposed === undefined ? [best] : [best, proposed], context),
  }
}

function classesOf(ids: readonly TokenId[], { tokenClasses }: RuleContext): TokenClass[] {
  if (tokenClasses === undefined) return []
  return ids.map((id) => TOKEN_CLASSES[tokenClasses[id] ?? 0] ?? 'other')
}
