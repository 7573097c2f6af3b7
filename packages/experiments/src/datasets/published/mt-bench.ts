import { z } from 'zod'
import { published } from './dataset.ts'

/** Some copies of the file call the turns a prompt. */
const turnsOf = z.union([
  z.object({ turns: z.array(z.string()).min(1) }),
  z.object({ prompt: z.array(z.string()).min(1) }).transform(({ prompt }) => ({ turns: prompt })),
])

/** MT-Bench (Zheng et al. 2023), the first turn of each conversation: prompts without a grade. */
export const mtBench = published({
  name: 'mt-bench',
  about: '80 prompts for chat models, the first turn of each; not graded',
  digest: '2ba93b6aa4e9df6f7c0bc0e86e7b6446c989c43df61452283c6b5752a686607d',
  items: 80,
  maxTokens: 256,
  hub: { repository: 'HuggingFaceH4/mt_bench_prompts', path: 'raw/question.jsonl' },
  schema: z
    .object({ question_id: z.number().int(), category: z.string() })
    .loose()
    .transform((raw) => ({ question_id: raw.question_id, category: raw.category, ...turnsOf.parse(raw) })),
  item: ({ question_id: id, turns: [first = ''] }) => ({
    kind: 'open',
    id: `mt-bench/${id}`,
    task: 'mt-bench',
    prompt: first,
    chat: { user: first },
  }),
})
