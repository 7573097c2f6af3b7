import type { RowDecision, TokenId } from '@dsd-lab/core'

/** Keeps the drafted token. */
export function keep(): RowDecision {
  return { kept: true }
}

/** Keeps the drafted token although the target's own choice was another. */
export function relax(): RowDecision {
  return { kept: true, relaxed: true }
}

/** Rejects the drafted token and everything after it; `token` takes its place. */
export function correct(token: TokenId): RowDecision {
  return { kept: false, token }
}
