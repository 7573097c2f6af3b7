import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
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

/** Folders and files of packages, below their `src`. */
type Rooms = Readonly<Record<string, readonly string[]>>

const RECORD_ROOMS = {
  '@dsd-lab/core': [
    ...['decoding', 'distribution', 'protocol', 'random', 'verification', 'tokens'],
    // Windows and replay come after what is recorded.
    ...['ahead-draft', 'ahead-gamma', 'drafter', 'model-drafter', 'prompt-lookup', 'propose'].map(
      (file) => `drafting/${file}`,
    ),
  ],
  '@dsd-lab/acceptance': ['.'],
  '@dsd-lab/node-runtime': ['engines', 'models', 'tokenizers', 'weights'],
  '@dsd-lab/experiments': [
    'graders',
    'datasets/prompt-form',
    'drafters',
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
    'datasets/prompt-form',
    'drafters',
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
    'datasets/prompt-form',
    'drafters',
    'importance/flips',
    ...['measure-item', 'measure-effect', 'row-values', 'text-work'].map((file) => `importance/${file}`),
    'runner/put-prompts',
    ...['guess-window', 'model-pair', 'written'].map((file) => `runner/decode/${file}`),
    'datasets/task-item',
    'statistics',
    'summary/places',
    '../sandbox',
  ],
} as const

const ANALYSIS_ROOMS = {
  '@dsd-lab/core': [
    ...['latency-model', 'random', 'trace', 'replay', 'drafting', 'distribution', 'tokens', 'verification/annotation'],
    // What a frame weighs.
    ...['protocol/chunks', 'protocol/frames', 'protocol/digest'],
  ],
  '@dsd-lab/node-runtime': ['links'],
  '@dsd-lab/experiments': [
    'datasets/task-item',
    'drafters',
    'dsl/sweep',
    'plan',
    'runner',
    'statistics',
    'store',
    'summary',
  ],
} as const

/** What each digest is of. */
export const CODE_ROOMS = {
  record: RECORD_ROOMS,
  decode: DECODE_ROOMS,
  analysis: ANALYSIS_ROOMS,
  importance: IMPORTANCE_ROOMS,
} as const satisfies Readonly<Record<string, Rooms>>

// Of the code that runs, whatever is written over it meanwhile.
let version: CodeVersion | undefined

/** Reads the source of the running packages once, from `src` or `dist`; about 150 small files. */
export function codeVersion(): CodeVersion {
  version ??= {
    record: digestOfRooms(RECORD_ROOMS),
    decode: digestOfRooms(DECODE_ROOMS),
    analysis: digestOfRooms(ANALYSIS_ROOMS),
  }
  return version
}

/** Digest of the source that makes labels of importance. */
export function importanceCode(): string {
  return digestOfRooms(IMPORTANCE_ROOMS)
}

function digestOfRooms(rooms: Rooms): string {
  const hash = createHash('sha256')
  for (const { name, path } of filesInRooms(rooms)) {
    hash.update(name).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex').slice(0, 16)
}

export interface RoomFile {
  /** Below the source of its package, with slashes on every system. */
  readonly name: string
  readonly path: string
}

/**
 * The source files of rooms, package by package.
 *
 * @throws RangeError when there is no such room
 */
export function filesInRooms(rooms: Rooms): RoomFile[] {
  return Object.entries(rooms).flatMap(([packageName, folders]) => {
    const root = dirname(fileURLToPath(import.meta.resolve(packageName)))
    const nameOf = (path: string): string => relative(root, path).split(sep).join('/')
    return folders
      .flatMap((folder) => sourceFiles(join(root, folder)))
      .map((path) => ({ name: nameOf(path), path }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  })
}

function sourceFiles(path: string): string[] {
  const found = ['', '.ts', '.js'].map((ending) => `${path}${ending}`).find(exists)
  if (found === undefined) throw new RangeError(`the source of results has no ${path}`)
  if (statSync(found).isFile()) return [found]
  return readdirSync(found, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return sourceFiles(join(found, entry.name))
    return /\.(ts|js|mjs|py)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [join(found, entry.name)] : []
  })
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
