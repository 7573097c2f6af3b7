import { defineDrafter, experiment, registerDrafter, strict, task, z } from '@dsd-lab/experiments'

/** Drafts what most often followed the last token in the text so far, as long as that happened `least` times. */
const followers = defineDrafter({
  name: 'followers',
  parameters: { least: z.int().gte(1).default(1).describe('a whole number of at least 1') },
  create:
    ({ least }) =>
    () => {
      const counts = new Map<number, Map<number, number>>()
      let read = 1
      const mostFrequent = (token: number): number | undefined => {
        const [best] = [...(counts.get(token) ?? [])].sort(([, a], [, b]) => b - a)
        return best !== undefined && best[1] >= least ? best[0] : undefined
      }
      return {
        propose(context, { gamma }) {
          for (; read < context.length; read++) {
            const [before = 0, after = 0] = context.slice(read - 1)
            const seen = counts.get(before) ?? new Map<number, number>()
            counts.set(before, seen.set(after, (seen.get(after) ?? 0) + 1))
          }
          const tokens: number[] = []
          let token = mostFrequent(context.at(-1) ?? 0)
          while (token !== undefined && tokens.length < gamma) {
            tokens.push(token)
            token = mostFrequent(token)
          }
          return { tokens }
        },
      }
    },
})
registerDrafter(followers)

export default experiment({
  title: 'What is gained without a draft model?',
  models: { target: 'bundled:lab-target', draft: followers() },
  tasks: [task('programs', { limit: 3, maxTokens: 48 })],
  cluster: { nodes: 2, compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: 20 } },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: 4, accept: strict() },
  },
  baseline: 'strict',
  live: { cells: 1, prompts: 1 },
})
