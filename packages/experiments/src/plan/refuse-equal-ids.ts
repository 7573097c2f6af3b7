import { DsdError } from '@dsd-lab/core'

export interface Refusal {
  readonly message: string
  readonly where: string
  readonly fix: string
}

/** @throws DsdError `bad-input` when two have one id: the results of one would pass for those of the other. */
export function refuseEqualIds<T extends { readonly id: string }>(
  all: readonly T[],
  refusal: (second: T, first: T) => Refusal,
): void {
  const seen = new Map<string, T>()
  for (const one of all) {
    const first = seen.get(one.id)
    if (first !== undefined) {
      const { message, ...place } = refusal(one, first)
      throw new DsdError(message, { kind: 'bad-input', ...place })
    }
    seen.set(one.id, one)
  }
}
