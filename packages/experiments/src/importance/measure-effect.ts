import { newcombe } from '../statistics/index.ts'
import type { AnswerEntry, Effect, Outcome } from './schema.ts'
import { type TextWork, writeTexts } from './text-work.ts'

/**
 * P(correct | the target's own token) - P(correct | the draft model's) by sampled continuations of both (importance.md 6.2): checks
 * that labels of greedy continuations are not noise. Both sides draw with the same noise.
 */
export async function measureEffect(work: TextWork, answer: AnswerEntry, outcome: Outcome): Promise<Effect> {
  const { at, token, draft, important } = outcome
  const { rollouts } = work.settings
  const [correctOwn, correctFlipped] = [
    await correctAfter({ work, answer, at, token }),
    await correctAfter({ work, answer, at, token: draft }),
  ]
  const { estimate, low, high } = newcombe(
    { successes: correctOwn, trials: rollouts },
    { successes: correctFlipped, trials: rollouts },
  )
  return { at, token, draft, rollouts, correctOwn, correctFlipped, difference: estimate, low, high, important }
}

async function correctAfter({
  work,
  answer,
  at,
  token,
}: {
  readonly work: TextWork
  readonly answer: AnswerEntry
  readonly at: number
  readonly token: number
}): Promise<number> {
  const { rollouts, temperature, lengthCap } = work.settings
  const prefix = [...answer.tokens.slice(0, at), token]
  const maxTokens = Math.ceil(lengthCap * answer.tokens.length)
  const texts = await writeTexts(
    work,
    Array.from({ length: rollouts }, (_, seed) => ({
      prefix,
      maxTokens,
      resembles: answer.tokens,
      sampled: { temperature, seed },
    })),
  )
  const verdicts = await Promise.all(texts.map(({ text }) => work.grader.grade(work.item, text, work.task.form)))
  return verdicts.filter(({ correct }) => correct === true).length
}
