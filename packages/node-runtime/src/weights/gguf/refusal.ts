import { DsdError } from '@dsd-lab/core'

/** Longest piece of a file's own text that a message repeats. */
const QUOTED_CHARACTERS = 80

/** One line on what is wrong with a GGUF file. */
export function refusal(
  path: string,
  what: string,
  why: { readonly fix?: string; readonly cause?: unknown } = {},
): DsdError {
  return new DsdError(what, { kind: 'bad-input', where: path, ...why })
}

/** For damage that a second download would mend. */
export const damaged = (path: string, what: string, cause?: unknown): DsdError =>
  refusal(path, what, { fix: 'fetch the file again', cause })

/** A name out of a file, safe to print on one line whatever it holds. */
export const quoted = (name: string): string =>
  /^[\w.\-/]{1,80}$/.test(name) ? name : JSON.stringify(name.slice(0, QUOTED_CHARACTERS))
