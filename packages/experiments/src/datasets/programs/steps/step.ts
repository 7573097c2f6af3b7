import type { Draws } from '../../draws.ts'

/** What flows between the steps of a pipeline. */
export type Value = number | string | readonly number[] | readonly string[]
export type Flow = 'numbers' | 'words' | 'number' | 'text'

/** How a step can be written. `v` is the name of one element, `xs` an expression of the whole list. */
export type Shape =
  | { readonly kind: 'filter'; readonly keep: Written; readonly drop: Written }
  | { readonly kind: 'map'; readonly to: Written }
  | { readonly kind: 'list'; readonly of: WrittenList }
  | { readonly kind: 'fold'; readonly of: WrittenList; readonly loop: Loop }

/** The equal ways to write an expression of one element. */
export type Written = (v: string) => readonly string[]
/** The equal ways to write an expression of the list. */
export type WrittenList = (xs: string, draws: Draws) => readonly string[]

/** The same fold as a loop: where the accumulator starts and how one element changes it. */
export interface Loop {
  readonly names: readonly string[]
  readonly start: string
  readonly update: (total: string, v: string) => readonly string[]
}

/** One step of a pipeline: how it is asked for, how it is written, and what it does. */
export interface ProgramStep {
  /** The operation without its constants; pipelines are named by these. */
  readonly id: string
  readonly from: 'numbers' | 'words'
  readonly to: Flow
  /** Imperative clauses without a capital or a full stop. */
  readonly asked: readonly string[]
  /** Comments inside the code. */
  readonly remarks: readonly string[]
  /** Names for the variable that holds the result. */
  readonly names: readonly string[]
  readonly shape: Shape
  /** The meaning, independent of the text of the code. */
  readonly run: (value: Value) => Value
}

export type StepMaker = (draws: Draws) => ProgramStep
