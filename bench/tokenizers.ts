/**
 * Compares the tokenizers of models with the Rust tokenizers of Hugging Face: ids of every text, the text that ids decode to, and the round trip.
 *
 *   pnpm bench:tokenizers --model <ref> [--model <ref>] [--text <file>] [--fuzz 5000] [--seed 1]
 *
 * `--text`: every string in a JSON Lines file, or every line of another. Exit code 1 when anything differs.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PURPOSE, uniformField } from '@dsd-lab/core'
import { ggufTokenizerJson, openModel } from '@dsd-lab/node-runtime'
import { Tokenizer } from 'tokenizers'

const { values } = parseArgs({
  options: {
    model: { type: 'string', multiple: true, default: ['bundled:lab-target'] },
    text: { type: 'string', multiple: true, default: [] },
    fuzz: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
  },
})

const sources = new Map<string, readonly string[]>()
for (const path of values.text) sources.set(path, await textsIn(path))
sources.set('fuzzed', fuzzed(Number(values.fuzz), Number(values.seed)))

let differences = 0
for (const ref of values.model) {
  const model = await openModel(ref)
  const ours = await model.tokenizer()
  const json =
    model.format === 'gguf'
      ? JSON.stringify(await ggufTokenizerJson(model.path))
      : await readFile(join(model.path, 'tokenizer.json'), 'utf8')
  const theirs = Tokenizer.fromString(json)
  for (const [name, texts] of sources) {
    const counts = { ids: 0, decoded: 0, lossy: 0 }
    let first: string | undefined
    for (const text of texts) {
      const ids = ours.encode(text, { specialTokens: false })
      const expected = (await theirs.encode(text, null, { addSpecialTokens: false })).getIds()
      const decoded = ours.decode(expected, { specialTokens: true })
      const expectedText = await theirs.decode(expected, false)
      if (ids.join() !== expected.join()) counts.ids++
      if (decoded !== expectedText) counts.decoded++
      if (decoded !== text) counts.lossy++
      if (ids.join() !== expected.join() || decoded !== expectedText) first ??= text
    }
    differences += counts.ids + counts.decoded
    console.log(
      `${ref}, ${name}: ${texts.length} texts, other ids ${counts.ids}, decoded otherwise ${counts.decoded}, not given back by either ${counts.lossy}`,
    )
    if (first !== undefined) console.log(`  first: ${JSON.stringify(first.slice(0, 200))}`)
  }
}
process.exitCode = differences > 0 ? 1 : 0

async function textsIn(path: string): Promise<string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '')
  if (!path.endsWith('.jsonl')) return lines
  return lines.flatMap((line) => stringsIn(JSON.parse(line)))
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

/** Texts of up to 48 characters, mixed from kinds that tokenizers treat differently. */
function fuzzed(count: number, seed: number): string[] {
  return Array.from({ length: count }, (_, sequence) => {
    const random = uniformField({ seed, purpose: PURPOSE.WORKLOAD, sequence, position: 0 })
    let draws = 0
    const below = (limit: number): number => Math.floor(random.at(draws++) * limit)
    const kinds: readonly (() => string)[] = [
      () => String.fromCharCode(0x20 + below(0x5f)),
      () => [' ', '  ', '\n', '\r\n', '\t', '\u00a0', '\u3000', '\u2028'][below(8)] ?? '',
      () => `${below(10)}`,
      () => ["'s", "'LL", "'re", "'t", '\u2019s'][below(5)] ?? '',
      () => String.fromCodePoint(0xc0 + below(0x250)),
      () => String.fromCodePoint(0x300 + below(0x70)),
      () => String.fromCodePoint(0x4e00 + below(0x5000)),
      () => String.fromCodePoint(0x1f300 + below(0x300)) + (below(3) === 0 ? '\u200d' : ''),
      () => String.fromCharCode(below(0x20)),
      () => comparable(below(0x110000)),
    ]
    return Array.from({ length: below(48) }, () => kinds[below(kinds.length)]?.() ?? '').join('')
  })
}

/** A lone surrogate has no bytes, so no tokenizer can take it; CJK Extension J is letters since Unicode 17, which Oniguruma lacks. */
function comparable(point: number): string {
  const isSurrogate = point >= 0xd800 && point < 0xe000
  const isRecent = point >= 0x323b0 && point < 0x33480
  return isSurrogate || isRecent ? '' : String.fromCodePoint(point)
}
