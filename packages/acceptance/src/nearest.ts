/** The names that `word` may have been meant for, joined by `or`; all of them when none is close. */
export function nearest(word: string, names: readonly string[]): string {
  const close = names.filter((name) => edits(word, name) <= Math.max(2, word.length / 3))
  return (close.length > 0 ? close : names).join(' or ')
}

/** Levenshtein distance. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
