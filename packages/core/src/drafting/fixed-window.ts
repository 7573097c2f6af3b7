import { DsdError } from '../errors.ts'
import type { WindowPolicy } from './window-controller.ts'

/** Drafts `gamma` tokens every round. `gamma` is an integer of at least 0; 0 decodes without drafting. */
export function fixedWindow(gamma: number): WindowPolicy {
  checkGamma(gamma)
  return () => ({ name: `fixed(${gamma})`, plan: () => ({ gamma }), observe: () => {} })
}

/** @throws DsdError (`bad-input`) unless gamma is an integer of at least 0. */
export function checkGamma(gamma: number): void {
  if (Number.isInteger(gamma) && gamma >= 0) return
  throw new DsdError(`${gamma} is not a window size`, {
    kind: 'bad-input',
    where: 'gamma',
    fix: 'give an integer of at least 0',
  })
}
