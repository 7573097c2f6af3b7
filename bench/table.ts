export interface TableOptions {
  /** Least width of the first column, which stands to the left. Default 8. */
  readonly first?: number
  /** Least width of the others, which stand to the right. Default 9. */
  readonly others?: number
}

/** Prints the names of the columns, each as wide as its name at least, and returns what prints a row below them. */
export function startTable(
  names: readonly string[],
  { first = 8, others = 9 }: TableOptions = {},
): (cells: readonly string[]) => void {
  const widths = names.map((name, column) => Math.max(name.length, column === 0 ? first : others))
  const printRow = (cells: readonly string[]): void => {
    const padded = cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    console.log(padded.join('  ').trimEnd())
  }
  printRow(names)
  return printRow
}
