/** Adds up one number of each item per prompt, over seeds; in the order of `prompts`. `[prompts]` */
export function sumPerPrompt<Item extends { readonly item: string }>({
  items,
  prompts,
  of,
}: {
  readonly items: readonly Item[]
  readonly prompts: readonly string[]
  readonly of: (item: Item) => number
}): number[] {
  const sums = new Map(prompts.map((prompt) => [prompt, 0]))
  for (const item of items) sums.set(item.item, (sums.get(item.item) ?? 0) + of(item))
  return prompts.map((prompt) => sums.get(prompt) ?? 0)
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** Sums two lists by place; the shorter one counts as zero beyond its end. */
export function addByPlace(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => (a[index] ?? 0) + (b[index] ?? 0))
}
