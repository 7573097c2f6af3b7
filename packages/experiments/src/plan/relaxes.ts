import type { Variant } from '../store/schema.ts'

/** Whether a variant may change the text by a rule of its own: not a lossless one, nor the control of another. */
export const relaxes = ({ lossless, controls }: Pick<Variant, 'lossless' | 'controls'>): boolean =>
  !lossless && controls === undefined
