import { z } from 'zod'
import { published } from './dataset.ts'

/** GSM8K (Cobbe et al. 2021), the test split: word problems of primary school. */
export const gsm8k = published({
  name: 'gsm8k',
  about: '1319 word problems with a number as their answer (the test split)',
  digest: '5f9c0d85d3174547c8960de1fd96c3e777d9a40298771eecd4b0eef9b2f6acd6',
  items: 1319,
  maxTokens: 640,
  hub: { repository: 'openai/gsm8k', path: 'main/test-00000-of-00001.parquet' },
  schema: z.object({
    question: z.string().min(1),
    answer: z.string().regex(/####\s*-?[\d,.]+\s*$/, 'ends in no "#### n"'),
  }),
  item: ({ question, answer }, index) => ({
    kind: 'final-number',
    id: `gsm8k/test/${index}`,
    task: 'gsm8k',
    prompt: `Question: ${question}\nAnswer, step by step, with "#### " and the final number on the last line:\n`,
    chat: {
      user: `${question}\n\nReason step by step, and put the final number, without units, in \\boxed{}.`,
    },
    reference: answer,
    answer: (answer.split('####').at(-1) ?? '').replaceAll(',', '').trim(),
  }),
})
