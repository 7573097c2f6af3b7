import { argmaxLogit, DsdError, sampleToken, sequenceNoise, type TokenId, warp } from '@dsd-lab/core'
import { WindowGuess } from '../../runner/decode/guess-window.ts'
import { written } from '../../runner/decode/written.ts'
import { placesOf } from '../../summary/places.ts'
import type { FlipModels } from './flip-models.ts'
import type { Continuation, FlipRequest, WrittenText } from './flip-request.ts'
import { RowReading } from './row-reading.ts'

/** Tokens written between two readings of the draft model: bounds the logits held at once, 20 MB at a vocabulary of 152 000. */
const ROWS_AT_ONCE = 32

/**
 * Writes the texts of a request one after the other, and reads the rows that are asked for.
 *
 * @param told hears of tokens as they are written
 * @throws DsdError `bad-input` for a prompt that the models cannot hold.
 */
export async function writeTexts(
  models: FlipModels,
  request: FlipRequest,
  told: (tokens: number) => void = () => {},
): Promise<WrittenText[]> {
  const prompt = promptIds(models, request)
  const texts: WrittenText[] = []
  for (const continuation of request.continuations) {
    texts.push(await writeText({ models, request, prompt, continuation, told }))
  }
  return texts
}

function promptIds({ tokenizer, maxLength }: FlipModels, { prompt, item }: FlipRequest): TokenId[] {
  const ids = tokenizer.encode(prompt.text, { specialTokens: prompt.specialTokens })
  if (ids.length < maxLength) return ids
  throw new DsdError(`its prompt takes ${ids.length} of the ${maxLength} tokens that the models can hold`, {
    kind: 'bad-input',
    where: item,
    fix: 'choose shorter items or a model with a longer context',
  })
}

interface Writing {
  readonly models: FlipModels
  readonly request: FlipRequest
  readonly prompt: readonly TokenId[]
  readonly continuation: Continuation
  readonly told: (tokens: number) => void
}

async function writeText({ models, request, prompt, continuation, told }: Writing): Promise<WrittenText> {
  const { prefix, maxTokens, read, resembles = [] } = continuation
  const most = Math.min(maxTokens, models.maxLength - prompt.length)
  const choose = chooserOf(request.sequence, continuation)
  const guess = new WindowGuess(models.rowInvariant ? resembles : [])
  const tokens = [...prefix]
  const reading = read === undefined ? undefined : new RowReading({ models, request, matching: read.matching })
  const isOpen = (): boolean => tokens.length < most && !models.eos.includes(tokens.at(-1) ?? -1)
  while (isOpen()) {
    const from = tokens.length
    const rows: Float32Array[] = []
    while (isOpen() && tokens.length - from < ROWS_AT_ONCE) {
      const guessed = guess.after(tokens).slice(0, most - tokens.length - 1)
      const judged = await judgeWindow({ models, prompt, tokens, guessed, choose, isOpen })
      guess.learn(guessed.length, judged.right)
      if (reading !== undefined) rows.push(...judged.rows)
    }
    told(tokens.length - from)
    if (reading !== undefined) await readDrafts({ models, prompt, tokens, from, rows, reading })
  }
  const { text, pieces } = written(models.tokenizer, tokens)
  const promptTokens = prompt.length
  if (reading === undefined) return { promptTokens, tokens, text, drafts: [], rows: [] }
  const places = placesOf(pieces, request.startsInCode)
  const rows = reading.rows().map((row) => ({ ...row, place: places[row.at] ?? 'prose' }))
  return { promptTokens, tokens, text, drafts: reading.drafts, rows }
}

/** One pass of the target along a guess: adds its own tokens up to the first that was guessed wrong, that one included. */
async function judgeWindow({
  models,
  prompt,
  tokens,
  guessed,
  choose,
  isOpen,
}: {
  readonly models: FlipModels
  readonly prompt: readonly TokenId[]
  readonly tokens: TokenId[]
  readonly guessed: readonly TokenId[]
  readonly choose: (logits: Float32Array, position: number) => TokenId
  readonly isOpen: () => boolean
}): Promise<{ readonly rows: readonly Float32Array[]; readonly right: number }> {
  const first = prompt.length + tokens.length - 1
  const logits = await models.target.logitsFrom([...prompt, ...tokens, ...guessed], first)
  const rows: Float32Array[] = []
  for (let right = 0; ; right++) {
    const row = logits.slice(right * models.vocabSize, (right + 1) * models.vocabSize)
    const token = choose(row, first + 1 + right)
    tokens.push(token)
    rows.push(row)
    if (token !== guessed[right]) return { rows, right }
    if (!isOpen()) return { rows, right: right + 1 }
  }
}

/** The target's token for a row: its most likely one, or a keyed draw. */
function chooserOf(sequence: number, { sampled }: Continuation): (logits: Float32Array, position: number) => TokenId {
  if (sampled === undefined) return argmaxLogit
  const { temperature, seed } = sampled
  const noise = sequenceNoise({ seed, sequence })
  return (logits, position) => sampleToken(warp(logits, { temperature }, position), noise.at(position).target)
}

/** One pass of the draft model along what the target has just written. */
async function readDrafts({
  models,
  prompt,
  tokens,
  from,
  rows,
  reading,
}: {
  readonly models: FlipModels
  readonly prompt: readonly TokenId[]
  readonly tokens: readonly TokenId[]
  readonly from: number
  /** Of the target, from token `from` on. */
  readonly rows: readonly Float32Array[]
  readonly reading: RowReading
}): Promise<void> {
  const text = [...prompt, ...tokens.slice(0, -1)]
  const logits = await models.draft.logitsFrom(text, prompt.length + from - 1)
  for (const [index, target] of rows.entries()) {
    const draft = logits.subarray(index * models.vocabSize, (index + 1) * models.vocabSize)
    reading.add({ at: from + index, position: prompt.length + from + index, target, draft })
  }
}
