/** What kind of mistake it was; decides the exit code of a command: 2 for `bad-input`, 130 for `interrupted`, else 1. */
export type DsdErrorKind = 'bad-input' | 'environment' | 'protocol' | 'numeric' | 'interrupted'

export interface DsdErrorDetail {
  readonly kind: DsdErrorKind
  /** Where: a path in the experiment (`cluster.nodes`), a file, a tensor name, a node. */
  readonly where?: string
  /** What the user can do about it, an imperative sentence without a full stop. */
  readonly fix?: string
  readonly cause?: unknown
}

/** Every failure that a user can cause or cure. Prints as one line: `where: what; fix`. */
export class DsdError extends Error {
  override readonly name = 'DsdError'
  readonly kind: DsdErrorKind
  readonly where: string | undefined
  readonly fix: string | undefined

  constructor(message: string, detail: DsdErrorDetail) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.kind = detail.kind
    this.where = detail.where
    this.fix = detail.fix
  }

  get exitCode(): 1 | 2 | 130 {
    return this.kind === 'bad-input' ? 2 : this.kind === 'interrupted' ? 130 : 1
  }

  /** The one line that a command prints. */
  get line(): string {
    const where = this.where === undefined ? '' : `${this.where}: `
    const fix = this.fix === undefined ? '' : `; ${this.fix}`
    return `${where}${this.message}${fix}`
  }
}
