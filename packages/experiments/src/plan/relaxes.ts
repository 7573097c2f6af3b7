import { acceptEverything, randomRelaxation } from '@dsd-lab/acceptance'
import type { Variant } from '../store/schema.ts'

/** Whether a variant may change the text by a rule of its own: not a lossless one, nor the control of another. */
export const relaxes = ({ lossless, controls }: Pick<Variant, 'lossless' | 'controls'>): boolean =>
  !lossless && controls === undefined

/** Rules that look at no token: they are what others are held against. */
const BLIND: readonly string[] = [randomRelaxation.ruleName, acceptEverything.ruleName]

/** Whether it relaxes by looking at tokens, so that an experiment asks what its judgement is worth. */
export const relaxesByJudgement = (variant: Pick<Variant, 'lossless' | 'controls' | 'accept'>): boolean =>
  relaxes(variant) && !BLIND.some((name) => name === variant.accept?.name)
