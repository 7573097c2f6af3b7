import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FittedScorer, fittedScorerSchema } from '@dsd-lab/acceptance'
import { DsdError, type RuleSpec } from '@dsd-lab/core'
import { isRecord } from '../dsl/sweep.ts'

/** The models that a scorer has to be fitted to. */
export interface ScorerModels {
  readonly target: { readonly ref: string; readonly digest: string }
  /** Undefined where no model drafts. */
  readonly draft: { readonly ref: string; readonly digest: string } | undefined
}

const WHERE = 'dsd-adaptive.scorer'

/**
 * A rule spec whose fitted scorer, given as `'fitted'` (the one that ships for the bundled pair), as the path of a `scorer.json` beside
 * the experiment file, or as its content, stands in it whole: the tail of any node then needs no file.
 *
 * @throws DsdError `bad-input` when there is no such file, it is no scorer, or it was fitted to other models.
 */
export function withScorer(
  spec: RuleSpec,
  { file, models }: { readonly file: string; readonly models: ScorerModels },
): RuleSpec {
  const { scorer } = spec
  if (spec.name !== 'dsd-adaptive') return spec
  if (typeof scorer === 'string') return fitted(spec, { scorer: readScorer(scorer, file) }, models)
  if (!isRecord(scorer)) return spec
  if (scorer.kind === undefined && scorer.provenance !== undefined)
    return fitted(spec, { scorer: parse(scorer, WHERE) }, models)
  if (scorer.kind !== 'fitted') return spec
  const inner = typeof scorer.scorer === 'string' ? readScorer(scorer.scorer, file) : parse(scorer.scorer, WHERE)
  return fitted(spec, { ...scorer, scorer: inner }, models)
}

function fitted(spec: RuleSpec, scorer: { readonly scorer: FittedScorer }, { target, draft }: ScorerModels): RuleSpec {
  const { provenance } = scorer.scorer
  refuseOther('a target', provenance.target, target)
  refuseOther('drafts', provenance.draft, draft)
  return { ...spec, scorer: { ...scorer, kind: 'fitted' } }
}

function refuseOther(what: string, fittedTo: ScorerModels['target'], used: ScorerModels['target'] | undefined): void {
  if (used?.digest === fittedTo.digest) return
  const other = used === undefined ? 'no draft model' : `${used.ref} (${used.digest.slice(0, 8)})`
  throw new DsdError(`fitted to ${what} of ${fittedTo.ref} (${fittedTo.digest.slice(0, 8)}), not of ${other}`, {
    kind: 'bad-input',
    where: WHERE,
    fix: "fit one to these models with exp importance, or leave scorer out for the rule's own criteria",
  })
}

/** The scorer that ships, for the bundled pair. */
const SHIPPED = 'data/lab-pair.scorer.json'

function readScorer(name: string, file: string): FittedScorer {
  const path =
    name === 'fitted'
      ? fileURLToPath(new URL(SHIPPED, import.meta.resolve('@dsd-lab/acceptance/package.json')))
      : resolve(dirname(file), name)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new DsdError(`cannot read ${name}`, {
      kind: 'bad-input',
      where: WHERE,
      fix: "give 'fitted', or the path of a scorer.json that exp importance wrote, from the experiment file",
      cause,
    })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  return parse(value, `${WHERE}: ${name}`)
}

function parse(value: unknown, where: string): FittedScorer {
  const parsed = fittedScorerSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const version =
    isRecord(value) && value.version !== 1 ? `; its version is ${JSON.stringify(value.version)}, not 1` : ''
  throw new DsdError(`is no fitted scorer${version}`, {
    kind: 'bad-input',
    where,
    fix: 'make one with exp importance',
  })
}
