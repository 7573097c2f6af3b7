export type Alignment = 'left' | 'right'

/** Columns of equal width, two spaces apart, numbers to the right; lines without trailing spaces. */
export function tableText({
  head,
  rows,
  align = [],
}: {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Default: the first column left, the others right. */
  readonly align?: readonly Alignment[]
}): string {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => width(line[column] ?? ''))))
  const text = (line: readonly string[]): string =>
    widths
      .map((wide, column) => {
        const cell = line[column] ?? ''
        const gap = ' '.repeat(wide - width(cell))
        return (align[column] ?? (column === 0 ? 'left' : 'right')) === 'left' ? cell + gap : gap + cell
      })
      .join('  ')
      .trimEnd()
  return lines.map(text).join('\n')
}

function width(text: string): number {
  return [...text].length
}
