import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Compares the ids that `check-tokenizer.py` wrote with those of the JavaScript tokenizer. Exits 1 at the first difference. */
const at = (path: string): URL => new URL(path, import.meta.url)
const runtime = createRequire(at('../packages/node-runtime/package.json'))
const { Tokenizer }: typeof import('@huggingface/tokenizers') = await import(
  pathToFileURL(runtime.resolve('@huggingface/tokenizers')).href
)
const read = (path: string): string => readFileSync(at(path), 'utf8')
const tokenizer = new Tokenizer(
  JSON.parse(read('./data/tokenizer/tokenizer.json')),
  JSON.parse(read('./data/tokenizer/tokenizer_config.json')),
)

let checked = 0
for (const line of read('./data/ids.jsonl').trim().split('\n')) {
  const { text, ids, decoded }: { text: string; ids: number[]; decoded: string } = JSON.parse(line)
  const ours = tokenizer.encode(text).ids
  const back = tokenizer.decode(ours, { skip_special_tokens: true })
  if (JSON.stringify(ours) !== JSON.stringify(ids) || back !== decoded) {
    console.error(
      `differs on ${JSON.stringify(text)}:\n  python     ${ids}  ${JSON.stringify(decoded)}\n  javascript ${ours}  ${JSON.stringify(back)}`,
    )
    process.exit(1)
  }
  checked++
}
console.log(`${checked} texts: the same ids and the same text back`)
