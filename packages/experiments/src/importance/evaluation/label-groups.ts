import type { Label } from '../schema.ts'

/** All tasks together. */
export const ALL = 'all'

/** The name of each task with its labels, and all of them where there are several. */
export function byTask(labels: readonly Label[]): { readonly task: string; readonly labels: readonly Label[] }[] {
  const names = [...new Set(labels.map(({ task }) => task))]
  const each = names.map((task) => ({ task, labels: labels.filter((label) => label.task === task) }))
  return names.length > 1 ? [...each, { task: ALL, labels }] : each
}

/** Labels by prompt: those of one answer depend on one another. */
export function byPrompt(labels: readonly Label[]): Label[][] {
  const prompts = new Map<string, Label[]>()
  for (const label of labels) {
    const key = `${label.task}/${label.item}`
    const known = prompts.get(key)
    if (known === undefined) prompts.set(key, [label])
    else known.push(label)
  }
  return [...prompts.values()]
}
