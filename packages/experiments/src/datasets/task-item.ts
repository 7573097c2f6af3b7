export type Split = 'train' | 'heldout'

/** Which item: the generators are pure functions of this. */
export interface ItemRequest {
  readonly split: Split
  readonly seed: number
  readonly index: number
}

/** One hidden test of a program: the arguments, and the value that it must return (both plain JSON). */
export interface HiddenTest {
  readonly args: readonly unknown[]
  readonly expected: unknown
}

interface ItemBase {
  /** `task/split/seed/index`. */
  readonly id: string
  readonly task: string
  /** The full text to tokenise. The tokenizer adds the bos token; nothing else is wrapped around it. */
  readonly prompt: string
  /** A right answer as continued from the prompt, the training text. It is followed by eos. */
  readonly reference: string
  readonly meta: ItemMeta
}

export interface ItemMeta {
  /** The form of the item. No template of the held-out split occurs in the training split. */
  readonly template: string
  /** How many operations the answer takes, 1 to 4. */
  readonly steps: number
}

export interface NumberItem extends ItemBase {
  readonly kind: 'number'
  /** The final number, as decimal digits. */
  readonly answer: string
}

export interface ProgramItem extends ItemBase {
  readonly kind: 'program'
  /** The name of the function that the prompt opens. */
  readonly entry: string
  readonly hiddenTests: readonly HiddenTest[]
}

export type TaskItem = NumberItem | ProgramItem

export type Generator = (request: ItemRequest) => TaskItem
