import { z } from 'zod'
import { published } from './dataset.ts'

/** HumanEval (Chen et al. 2021): Python functions to complete from signature and docstring. */
export const humaneval = published({
  name: 'humaneval',
  about: '164 Python functions to complete, judged by running them',
  digest: '760b6c307db7970f3c2028c25c546425cbf2a964e821aeca13b3ef0ebb264c09',
  items: 164,
  maxTokens: 512,
  hub: { repository: 'openai/openai_humaneval', path: 'openai_humaneval/test-00000-of-00001.parquet' },
  schema: z.object({
    task_id: z.string().min(1),
    prompt: z.string().min(1),
    entry_point: z.string().regex(/^[A-Za-z_]\w*$/),
    canonical_solution: z.string(),
    test: z.string().regex(/def check\(/, 'defines no check'),
  }),
  item: ({ task_id: id, prompt, entry_point: entry, canonical_solution: reference, test }) => ({
    kind: 'python-program',
    id,
    task: 'humaneval',
    prompt,
    chat: { user: request(prompt), opening: OPENING },
    reference,
    entry,
    test,
  }),
})

/** The function in a code block, as those who tune code models ask for it; the answer begins in a code block of its own. */
function request(prompt: string): string {
  return `Complete this Python function. Answer with one Python code block that holds the whole function and its imports, and nothing else.\n\n\`\`\`python\n${prompt.trim()}\n\`\`\``
}

const OPENING = '```python\n'
