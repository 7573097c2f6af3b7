import { answersWithProgram, type TaskItem } from '../datasets/task-item.ts'
import type { Grader } from '../graders/index.ts'
import type { ChosenTask } from '../runner/gather-facts.ts'
import type { WorkerPool } from '../runner/worker-pool.ts'
import type { Continuation, FlipPair, WrittenText } from './flips/flip-request.ts'
import type { ImportanceManifest } from './schema.ts'

/** What it takes to let the target write on from somewhere in the answer to one item, and to grade that. */
export interface TextWork {
  /** Of all finished work on the item. */
  readonly key: string
  readonly task: ChosenTask
  readonly item: TaskItem
  readonly sequence: number
  readonly pair: FlipPair
  readonly settings: ImportanceManifest['settings']
  readonly pool: WorkerPool
  readonly grader: Grader
}

/** The texts of some continuations, made by one worker in order. */
export async function writeTexts(
  { task, item, sequence, pair, pool }: TextWork,
  continuations: readonly Continuation[],
): Promise<readonly WrittenText[]> {
  const prompt = task.prompts[sequence]
  if (prompt === undefined) throw new RangeError(`${item.id} has no prompt`)
  const startsInCode = answersWithProgram(item)
  const request = { pair, prompt, item: item.id, sequence, startsInCode, continuations }
  const done = await pool.run({ kind: 'flip', request })
  if (done.kind !== 'flipped') throw new RangeError(`a worker answered ${done.kind} to a flip`)
  return done.texts
}

export async function writeOne(work: TextWork, continuation: Continuation): Promise<WrittenText> {
  const [text] = await writeTexts(work, [continuation])
  if (text === undefined) throw new RangeError(`${work.item.id} has no text`)
  return text
}
