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
  /** `task/split/seed/index`, or the id that the publishers of a data set gave it. */
  readonly id: string
  readonly task: string
  /** The full text to tokenise. The tokenizer adds the bos token; nothing else is wrapped around it. */
  readonly prompt: string
  /** What a model tuned on conversations is asked instead; absent where the task has only a text to continue. */
  readonly chat?: ChatPrompt
}

/** One turn of a conversation, written by the model's own chat template. */
export interface ChatPrompt {
  readonly user: string
  /** How the answer begins: the model goes on from there, and graders see it as the beginning of the answer. */
  readonly opening?: string
}

interface GeneratedBase extends ItemBase {
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

export interface NumberItem extends GeneratedBase {
  readonly kind: 'number'
  /** The final number, as decimal digits. */
  readonly answer: string
}

export interface ProgramItem extends GeneratedBase {
  readonly kind: 'program'
  /** The name of the function that the prompt opens. */
  readonly entry: string
  readonly hiddenTests: readonly HiddenTest[]
}

/** An item that a generator makes. */
export type GeneratedItem = NumberItem | ProgramItem

/** A question with a number as its answer, worked out in words. */
export interface FinalNumberItem extends ItemBase {
  readonly kind: 'final-number'
  readonly reference: string
  /** A decimal number, without separators. */
  readonly answer: string
}

/** A Python function to complete, judged by running it. */
export interface PythonProgramItem extends ItemBase {
  readonly kind: 'python-program'
  /** What completes the prompt. */
  readonly reference: string
  /** The name of the function that the prompt opens last. */
  readonly entry: string
  /** Python source that defines `check(candidate)`, which raises unless the function is right. */
  readonly test: string
}

/** A prompt with no right answer: decoded and timed, never graded. */
export interface OpenItem extends ItemBase {
  readonly kind: 'open'
}

export type TaskItem = GeneratedItem | FinalNumberItem | PythonProgramItem | OpenItem

export type Generator = (request: ItemRequest) => GeneratedItem

/** Whether the answer goes on with a program, in raw form or inside a code block that was opened for it. */
export function answersWithProgram({ kind }: TaskItem): boolean {
  return kind === 'program' || kind === 'python-program'
}
