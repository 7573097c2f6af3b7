import type { Distribution } from '../distribution/distribution.ts'
import { logitEntropyNats } from '../distribution/entropy.ts'
import { logitMargin } from '../distribution/logits.ts'
import { DsdError } from '../errors.ts'
import type { SequenceNoise } from '../random/noise.ts'
import { isToken, type Sampling, type TokenId } from '../tokens.ts'
import type { Annotation } from './annotation.ts'
import { LazyJudgedRow } from './judged-row.ts'
import type { AcceptanceRule, JudgedRow, RunVerdict } from './rule.ts'

export interface JudgeRequest {
  readonly rule: AcceptanceRule
  readonly sampling: Sampling
  /** Raw target logits, row after row: one per drafted token, then the bonus row. `[gamma + 1, vocab]` */
  readonly logits: Float32Array
  readonly vocabSize: number
  /** Absolute position that the first judged token will occupy. */
  readonly firstPosition: number
  /** May be empty: the round then decodes one token. `[gamma]` */
  readonly drafted: readonly TokenId[]
  /** The law that each draft was sampled from, for rules that need it and drafters that have one. `[gamma]` */
  readonly drafts?: readonly Distribution[] | undefined
  readonly noise: SequenceNoise
  /** All ids before `firstPosition`, for rules that read the text. Default: none. `[firstPosition]` */
  readonly text?: readonly TokenId[] | undefined
  /** Fill in entropy and margin, and ask the rule for importance. Default false. */
  readonly annotate?: boolean | undefined
}

/**
 * Judges one draft window at the tail.
 * @throws DsdError `protocol` for a malformed request, `numeric` for a logit that is not finite on a row the rule read,
 * `bad-input` for a rule that answers nonsense.
 */
export function judgeRun(request: JudgeRequest): RunVerdict {
  checkRequest(request)
  const rows = rowsOf(request)
  const verdict = request.rule.judge(rows)
  checkVerdict(verdict, request)
  return request.annotate === true ? { ...verdict, annotations: annotated(verdict.annotations, rows) } : verdict
}

function rowsOf({ drafted, drafts, logits, vocabSize, text = [], ...request }: JudgeRequest): JudgedRow[] {
  return Array.from({ length: drafted.length + 1 }, (_, index) => {
    const position = request.firstPosition + index
    return new LazyJudgedRow({
      position,
      logits: logits.subarray(index * vocabSize, (index + 1) * vocabSize),
      sampling: request.sampling,
      drafted: drafted[index],
      draft: drafts?.[index],
      noise: request.noise.at(position),
      annotate: request.annotate === true,
      text,
      draftedBefore: drafted.slice(0, index),
    })
  })
}

function annotated(annotations: readonly Annotation[], rows: readonly JudgedRow[]): Annotation[] {
  return rows.slice(0, annotations.length).map((row, index) => ({
    entropyNats: logitEntropyNats(row.logits, row.position),
    marginNats: logitMargin(row.logits),
    ...(annotations[index] ?? { origin: 'target' }),
  }))
}

function checkRequest({ drafted, drafts, logits, vocabSize }: JudgeRequest): void {
  const rows = drafted.length + 1
  if (logits.length !== rows * vocabSize) {
    throw malformed(`${logits.length} logits for ${rows} rows of ${vocabSize} tokens`)
  }
  const foreign = drafted.find((id) => !isToken(id, vocabSize))
  if (foreign !== undefined) throw malformed(`drafted token ${foreign} is not in a vocabulary of ${vocabSize}`)
  if (drafts === undefined) return
  if (drafts.length !== drafted.length)
    throw malformed(`${drafts.length} draft laws for ${drafted.length} drafted tokens`)
  for (const [index, law] of drafts.entries()) {
    const id = drafted[index] ?? 0
    if (law.vocabSize !== vocabSize) throw malformed(`the law of draft ${index} is over ${law.vocabSize} tokens`)
    if (law.probabilityOf(id) === 0)
      throw malformed(`drafted token ${id} has no probability under the law sent with it`)
  }
}

function malformed(what: string): DsdError {
  return new DsdError(`cannot judge the window: ${what}`, {
    kind: 'protocol',
    where: 'verification',
    fix: 'check that drafter and target share one vocabulary',
  })
}

function checkVerdict({ accepted, next, annotations }: RunVerdict, { rule, drafted, vocabSize }: JudgeRequest): void {
  const wrong = (what: string): DsdError =>
    new DsdError(what, { kind: 'bad-input', where: `rule ${rule.spec.name}`, fix: 'mend judge() of the rule' })
  if (!Number.isInteger(accepted) || accepted < 0 || accepted > drafted.length) {
    throw wrong(`accepted ${accepted} of ${drafted.length} drafted tokens`)
  }
  if (!isToken(next, vocabSize)) throw wrong(`answered token ${next}, not one of ${vocabSize}`)
  if (annotations.length !== accepted + 1) {
    throw wrong(`gave ${annotations.length} annotations for ${accepted + 1} tokens`)
  }
}
