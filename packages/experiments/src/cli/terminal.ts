/** Where a command writes. */
export interface Terminal {
  /** Results: the standard output. */
  readonly out: NodeJS.WriteStream
  /** Progress and errors: the standard error. */
  readonly err: NodeJS.WriteStream
}

export const terminal: Terminal = { out: process.stdout, err: process.stderr }

/** Prints a line of results. */
export function print({ out }: Terminal, line = ''): void {
  out.write(`${line}\n`)
}

/** Prints a value as JSON, indented. */
export function printJson(to: Terminal, value: unknown): void {
  print(to, JSON.stringify(value, null, 2))
}
