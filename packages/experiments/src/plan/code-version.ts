import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Digests of the source that makes results, so that a changed program never passes off old results as its own. */
export interface CodeVersion {
  /** What decides the tokens of plain decoding and of what is drafted along them: core, acceptance, the engines, the tasks and graders. */
  readonly record: string
  /** The same, and what decodes under a rule. */
  readonly decode: string
  /** What turns tokens into times and estimates. */
  readonly analysis: string
}

const RECORD_ROOMS = {
  '@dsd-lab/core': [
    ...['decoding', 'distribution', 'protocol', 'random', 'verification', 'tokens'],
    // Windows and replay come after what is recorded.
    ...['drafter', 'model-drafter', 'prompt-lookup'].map((file) => `drafting/${file}`),
  ],
  '@dsd-lab/acceptance': ['.'],
  '@dsd-lab/node-runtime': ['engines', 'models', 'tokenizers', 'weights'],
  '@dsd-lab/experiments': [
    'graders',
    ...['append-commit', 'model-pair', 'record-text', 'text-request', 'written'].map((file) => `runner/decode/${file}`),
    'runner/put-prompts',
    '../sandbox',
  ],
} as const

const DECODE_ROOMS = {
  ...RECORD_ROOMS,
  '@dsd-lab/core': ['decoding', 'distribution', 'drafting', 'protocol', 'random', 'replay', 'verification', 'tokens'],
  '@dsd-lab/experiments': [
    'graders',
    'runner/decode',
    'runner/put-prompts',
    'runner/replay-events',
    'runner/traced-text',
    '../sandbox',
  ],
} as const

const IMPORTANCE_ROOMS = {
  '@dsd-lab/core': ['distribution', 'random'],
  '@dsd-lab/acceptance': ['signals', 'token-class', 'word-lists'].map((file) => `importance/${file}`),
  '@dsd-lab/node-runtime': RECORD_ROOMS['@dsd-lab/node-runtime'],
  '@dsd-lab/experiments': [
    'graders',
    'importance/flips',
    ...['measure-item', 'measure-effect', 'row-values', 'text-work'].map((file) => `importance/${file}`),
    'runner/put-prompts',
    'runner/decode/written',
    'summary/places',
    '../sandbox',
  ],
} as const

const ANALYSIS_ROOMS = {
  '@dsd-lab/core': ['latency-model', 'random', 'trace', 'replay', 'drafting'],
  '@dsd-lab/node-runtime': ['links'],
  '@dsd-lab/experiments': ['plan', 'runner', 'statistics', 'store', 'summary'],
} as const

/** Reads the source of the running packages, from `src` or `dist`; about 150 small files. */
export function codeVersion(): CodeVersion {
  return {
    record: digestOfRooms(RECORD_ROOMS),
    decode: digestOfRooms(DECODE_ROOMS),
    analysis: digestOfRooms(ANALYSIS_ROOMS),
  }
}

/** Digest of the source that makes labels of importance. */
export function importanceCode(): string {
  return digestOfRooms(IMPORTANCE_ROOMS)
}

function digestOfRooms(rooms: Readonly<Record<string, readonly string[]>>): string {
  const hash = createHash('sha256')
  for (const [name, folders] of Object.entries(rooms)) {
    const root = dirname(fileURLToPath(import.meta.resolve(name)))
    for (const file of folders.flatMap((folder) => sourceFiles(join(root, folder))).sort()) {
      hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
    }
  }
  return hash.digest('hex').slice(0, 16)
}

function sourceFiles(path: string): string[] {
  const found = ['', '.ts', '.js'].map((ending) => `${path}${ending}`).find(exists)
  if (found === undefined) return []
  if (statSync(found).isFile()) return [found]
  return readdirSync(found, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return sourceFiles(join(found, entry.name))
    return /\.(ts|js|mjs|py)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [join(found, entry.name)] : []
  })
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
