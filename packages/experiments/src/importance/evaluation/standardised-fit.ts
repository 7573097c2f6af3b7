import { FITTED_FEATURES, type FittedScorer, fittedFeatures } from '@dsd-lab/acceptance'
import { fitLogistic, predictLogistic } from '../../statistics/index.ts'
import type { Label } from '../schema.ts'

/** A logistic regression on standardised features of labels. */
export interface StandardisedFit {
  readonly intercept: number
  readonly features: FittedScorer['features']
}

/** Digits that a coefficient keeps: what is stored is what was evaluated, to 1e-6. */
const DIGITS = 8

/** @throws RangeError when not both kinds of labels are given. */
export function fitLabels(labels: readonly Label[], l2: number): StandardisedFit {
  const rows = labels.map(featuresOf)
  const columns = FITTED_FEATURES.map((name, column) => ({ name, ...momentsOf(rows.map((row) => row[column] ?? 0)) }))
  const standardised = rows.map((row) => columns.map(({ mean, scale }, column) => ((row[column] ?? 0) - mean) / scale))
  const { intercept, weights } = fitLogistic(
    { rows: standardised, positive: labels.map(({ important }) => important) },
    l2,
  )
  return {
    intercept: kept(intercept),
    features: columns.map(({ name, mean, scale }, index) => ({
      name,
      mean: kept(mean),
      scale: kept(scale),
      weight: kept(weights[index] ?? 0),
    })),
  }
}

/** Probability that the flip of a label is important. */
export function predictLabel({ intercept, features }: StandardisedFit, label: Label): number {
  const values = featuresOf(label)
  return predictLogistic(
    { intercept, weights: features.map(({ weight }) => weight) },
    features.map(({ mean, scale }, index) => ((values[index] ?? 0) - mean) / scale),
  )
}

function featuresOf({ signals, tokenClass, draftClass }: Label): number[] {
  return fittedFeatures({ signals, ownClass: tokenClass, draftClass })
}

/** Mean and standard deviation; a column without spread has scale 1. */
function momentsOf(values: readonly number[]): { readonly mean: number; readonly scale: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const scale = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return { mean, scale: scale > 1e-12 ? scale : 1 }
}

function kept(value: number): number {
  return Number(value.toPrecision(DIGITS))
}
