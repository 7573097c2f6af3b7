import type { RuleSpec } from '../verification/rule.ts'
import type { Commit } from './commit.ts'
import { commitOf } from './commit-of.ts'
import { sessionRequest, type TextOptions } from './text-request.ts'

export interface AutoregressiveOptions extends TextOptions {
  /** Which of the target's own draws is taken. Default `coupled`: the text of every lossless coupled arm. */
  readonly rule?: RuleSpec
}

/** Plain decoding, the reference of every speed-up: the same rounds with nothing drafted, one token a trip. */
export async function* autoregressive(options: AutoregressiveOptions): AsyncGenerator<Commit, void, undefined> {
  const { target, signal, rule = { name: 'coupled' } } = options
  const request = sessionRequest({ ...options, rule })
  const session = await target.open(request)
  try {
    for (let commit: Commit | undefined; commit?.finish === undefined; ) {
      const startMs = session.now()
      const round = await session.verify({ tokens: [], steps: 0 }, { startMs, draftMs: 0 }, signal)
      commit = commitOf(round, session, request)
      yield commit
    }
  } finally {
    await session.close()
  }
}
