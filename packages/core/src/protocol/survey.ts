import type { NodeReport, StatusFrame } from './frames/frame.ts'
import type { Ledger } from './ledger.ts'

/** What the coordinator knows of where its nodes stand. */
export class Survey {
  readonly #nodes: number
  readonly #boots = new Map<number, number>()
  readonly #answers = new Map<number, StatusFrame>()
  #number = 0

  constructor(nodes: number) {
    this.#nodes = nodes
  }

  /** Starts afresh; returns the number that its answers must carry. */
  begin(): number {
    this.#answers.clear()
    this.#number++
    return this.#number
  }

  get number(): number {
    return this.#number
  }

  record(status: StatusFrame): void {
    if (status.survey === this.#number && status.node < this.#nodes) this.#answers.set(status.node, status)
  }

  get silent(): number[] {
    return Array.from({ length: this.#nodes }, (_, node) => node).filter((node) => !this.#answers.has(node))
  }

  /** Longest prefix that every node has in common with the ledger. */
  commonPrefix(ledger: Ledger): number {
    return Math.min(...[...this.#answers.values()].map((status) => this.prefixOf(status, ledger)))
  }

  /** Longest prefix that one node has; 0 for a node that was started again since it last reported. */
  prefixOf({ node, boot, ladder }: NodeReport, { digests, last }: Ledger): number {
    const known = this.#boots.get(node) ?? boot
    this.#boots.set(node, boot)
    return known === boot ? Math.min(digests.commonPrefix(ladder), last) : 0
  }

  /** The first node that had not taken the window when it was last asked; the tail when all had. */
  stalledAt({ epoch, seq }: { readonly epoch: number; readonly seq: number }): number {
    const behind = [...this.#answers.values()]
      .filter((status) => status.epoch < epoch || (status.epoch === epoch && status.seq < seq))
      .map((status) => status.node)
    return Math.min(this.#nodes - 1, ...behind)
  }
}
