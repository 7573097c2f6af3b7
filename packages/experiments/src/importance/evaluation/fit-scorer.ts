import type { FittedScorer } from '@dsd-lab/acceptance'
import { atRecall, averagePrecision, calibrationError, reliability, rocAuc } from '../../statistics/index.ts'
import type { ImportanceManifest, Label } from '../schema.ts'
import { FOLDS, scoresLeftOut, tooFew, transfers } from './cross-validate.ts'
import type { FitReport } from './evaluation-schema.ts'
import { fitLabels } from './standardised-fit.ts'

/** Penalties to choose from, by ROC-AUC on the folds left out; on a tie the stronger one. */
const PENALTIES = [100, 10, 1, 0.1]
/** Share of the important mismatches that the stored threshold keeps strict. */
const RECALL = 0.95

export interface ScorerFit {
  readonly scorer: FittedScorer
  readonly report: FitReport
  /** Of every label, by the fit that did not see its prompt. */
  readonly scores: ReadonlyMap<Label, number>
}

/** A scorer fitted to independent flips, or why there is none. */
export function fitScorer({
  labels,
  labelsDigest,
  manifest,
}: {
  readonly labels: readonly Label[]
  readonly labelsDigest: string
  readonly manifest: Pick<ImportanceManifest, 'models'>
}): ScorerFit | { readonly noFit: string } {
  const noFit = tooFew(labels)
  if (noFit !== undefined) return { noFit }
  const positive = labels.map(({ important }) => important)
  const tried = PENALTIES.map((l2) => {
    const scores = scoresLeftOut(labels, l2)
    const ranked = { scores: labels.map((label) => scores.get(label) ?? 0), positive }
    return { l2, scores, ranked, rocAuc: rocAuc(ranked) }
  })
  const best = tried.reduce((a, b) => (b.rocAuc > a.rocAuc ? b : a))
  const { l2, scores, ranked } = best
  const bins = reliability(ranked.scores, positive)
  const point = atRecall(ranked, RECALL)
  const { target, draft } = manifest.models
  return {
    scores,
    report: {
      folds: FOLDS,
      l2,
      tried: tried.map(({ l2: penalty, rocAuc: area }) => ({ l2: penalty, rocAuc: area })),
      reliability: bins,
      calibrationError: calibrationError(bins),
      transfer: transfers(labels, l2),
    },
    scorer: {
      version: 1,
      ...fitLabels(labels, l2),
      threshold: justBelow(point?.threshold ?? 0.5),
      provenance: {
        labels: labelsDigest,
        target: { ref: target.ref, digest: target.digest },
        draft: { ref: draft.ref, digest: draft.digest },
        tasks: [...new Set(labels.map(({ task }) => task))],
        flips: labels.length,
        important: positive.filter(Boolean).length,
        folds: FOLDS,
        l2,
        rocAuc: best.rocAuc,
        prAuc: averagePrecision(ranked),
        recall: point?.recall ?? 0,
      },
    },
  }
}

/** Key means above the threshold, so the score at it has to be above; six digits. */
function justBelow(score: number): number {
  return Math.max(0, Math.floor(score * 1e6 - 1e-3) / 1e6)
}
