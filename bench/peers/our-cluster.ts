import { greedy } from '@dsd-lab/acceptance'
import { autoregressive, type Commit, fixedWindow, type LinkModel, speculative } from '@dsd-lab/core'
import { loadDrafter, localCluster } from '@dsd-lab/node-runtime'
import type { DecodingTask, Pace } from './task.ts'

/** The same task over our shard processes and links. The draft model runs in this process, as it does beside llama.cpp. */
export async function ourPace(
  { model, draft, prompt, warmUpTokens, tokens }: DecodingTask,
  { nodes, link }: { readonly nodes: number; readonly link: LinkModel },
): Promise<Pace> {
  // Links as slow as the machine's timers under load still count: what is compared is time that really passed.
  await using cluster = await localCluster({ model, nodes, link, engine: 'onnx', selfCheck: false })
  const maxTokens = warmUpTokens + tokens
  const text = { target: cluster, prompt: cluster.tokenizer.encode(prompt), seed: 1, maxTokens }
  const sampled = { ...text, sampling: { temperature: 0 } }
  if (draft === undefined) return await paceOf(autoregressive(sampled), warmUpTokens)
  const { path, gamma, ahead: draftAhead = false, precision } = draft
  const { tokenizer: targetTokenizer } = cluster
  await using drafter = await loadDrafter({
    model: path,
    engine: 'onnx',
    precision,
    background: draftAhead,
    targetTokenizer,
  })
  return await paceOf(
    speculative({ ...sampled, drafter, rule: greedy(), window: fixedWindow(gamma), draftAhead }),
    warmUpTokens,
  )
}

async function paceOf(commits: AsyncIterable<Commit>, warmUpTokens: number): Promise<Pace> {
  let tokens = 0
  let from: { readonly ms: number; readonly tokens: number } | undefined
  for await (const commit of commits) {
    tokens += commit.tokens.length
    if (tokens >= warmUpTokens) from ??= { ms: performance.now(), tokens }
  }
  if (from === undefined) throw new Error(`the text ended after ${tokens} tokens`)
  return { tokensPerSecond: (1000 * (tokens - from.tokens)) / (performance.now() - from.ms), tokens }
}
