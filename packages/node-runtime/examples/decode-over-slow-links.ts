import { coupled } from '@dsd-lab/acceptance'
import { fixedWindow, speculative } from '@dsd-lab/core'
import { loadDrafter, localCluster } from '@dsd-lab/node-runtime'

await using cluster = await localCluster({ model: 'bundled:lab-target', nodes: 4, link: 'continental' })
await using drafter = await loadDrafter({ model: 'bundled:lab-draft' })

const prompt = cluster.tokenizer.encode(
  'Question: Ada has 3 apples and buys 4 more. How many apples has she now?\nAnswer:',
)

for await (const commit of speculative({
  target: cluster,
  drafter,
  rule: coupled(),
  window: fixedWindow(4),
  prompt,
  seed: 1,
})) {
  process.stdout.write(cluster.tokenizer.decode(commit.tokens))
}
