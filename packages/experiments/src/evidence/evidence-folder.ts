import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DsdError } from '@dsd-lab/core'
import { writeAtomically } from '../store/atomic-write.ts'
import { atPath, codeOf } from '../store/storage-error.ts'
import { damaged } from './damaged.ts'
import { EvidenceRun } from './evidence-run.ts'
import {
  type EvidenceEntry,
  type EvidenceFile,
  type EvidenceIndex,
  evidenceIndexSchema,
  type KeptEntry,
} from './evidence-schema.ts'

/** Most bytes that all evidence may take, so that a clone stays small. */
const MOST_BYTES = 20_000_000

/** Where evidence is kept: `--evidence`, else `$DSD_EVIDENCE`, else that of the repository, else `./evidence`. */
export function evidencePath(option?: string): string {
  const asked = option ?? process.env.DSD_EVIDENCE
  if (asked !== undefined) return resolve(process.env.INIT_CWD ?? process.cwd(), asked)
  const shipped = fileURLToPath(new URL('../../../../evidence', import.meta.url))
  return existsSync(shipped) ? shipped : resolve('evidence')
}

/**
 * A folder of evidence. Reading a file checks it against the digest in the index, so that an edit by hand is seen; each file is read and
 * checked once, and each run opened once.
 */
export class EvidenceFolder {
  readonly path: string
  readonly index: EvidenceIndex
  /** By digest, so that a run that is put in place of another is read anew. */
  readonly #contents = new Map<string, Promise<Buffer>>()
  readonly #runs = new Map<string, Promise<EvidenceRun>>()

  private constructor(path: string, index: EvidenceIndex) {
    this.path = path
    this.index = index
  }

  /** @throws DsdError `environment` when the index is there and cannot be read. */
  static async open(path: string): Promise<EvidenceFolder> {
    return new EvidenceFolder(path, await readIndex(join(path, 'index.json')))
  }

  /** The run of an experiment, by its file name; undefined when there is none. */
  find(experiment: string): EvidenceEntry | undefined {
    return this.index.runs.find((entry) => entry.experiment === experiment)
  }

  /** The run of an experiment, by its file name; undefined when there is none. */
  runOf(experiment: string): Promise<EvidenceRun> | undefined {
    const entry = this.find(experiment)
    return entry === undefined ? undefined : this.run(entry)
  }

  /** The run of an entry; throws as `EvidenceRun.open`. */
  run(entry: EvidenceEntry): Promise<EvidenceRun> {
    const known = this.#runs.get(entry.runId)
    if (known !== undefined) return known
    const opened = EvidenceRun.open(entry, (name) => this.read(entry, name))
    this.#runs.set(entry.runId, opened)
    return opened
  }

  /** @throws DsdError `environment` when the file is missing, or is not what the index says. */
  async read({ runId, files }: KeptEntry, name: EvidenceFile): Promise<Buffer> {
    const where = `${runId}/${name}`
    const expected = files.find((file) => file.name === name)
    if (expected === undefined) throw damaged(where, 'is not in the index of evidence')
    const key = `${where}/${expected.sha256}`
    const content = this.#contents.get(key) ?? this.#readChecked(where, expected.sha256)
    this.#contents.set(key, content)
    return content
  }

  async #readChecked(where: string, expected: string): Promise<Buffer> {
    const content = await readFile(join(this.path, where)).catch((cause: unknown) => {
      throw damaged(where, 'is listed in the index of evidence and cannot be read', cause)
    })
    if (sha256(content) === expected) return content
    throw damaged(where, `digest mismatch: evidence was changed after it was made (${content.length} bytes)`)
  }

  /** Checks every file of every entry; throws as `read` does. */
  async verify(): Promise<void> {
    for (const entry of entriesOf(this.index)) for (const { name } of entry.files) await this.read(entry, name)
  }

  /** Puts a run in place of an earlier one of the same experiment. */
  async add(entry: Omit<EvidenceEntry, 'files'>, contents: Contents): Promise<EvidenceEntry> {
    const added = { ...entry, files: filesOf(contents) }
    await this.#keep({ ...this.index, runs: inPlace(this.index.runs, added) }, added, contents)
    return added
  }

  /** Puts a measurement of importance in place of an earlier one of the same experiment. */
  async addMeasurement(entry: Omit<KeptEntry, 'files'>, contents: Contents): Promise<KeptEntry> {
    const added = { ...entry, files: filesOf(contents) }
    await this.#keep({ ...this.index, measurements: inPlace(this.index.measurements, added) }, added, contents)
    return added
  }

  async #keep(index: EvidenceIndex, { runId }: KeptEntry, contents: Contents): Promise<void> {
    const bytes = totalBytes(entriesOf(index))
    if (bytes > MOST_BYTES) {
      throw new DsdError(`evidence would take ${megabytes(bytes)} MB, ${megabytes(MOST_BYTES)} at most`, {
        kind: 'bad-input',
        where: runId,
        fix: 'add a run over fewer items or networks',
      })
    }
    for (const [name, content] of contents) await writeAtomically(join(this.path, runId, name), content)
    await writeAtomically(join(this.path, 'index.json'), `${JSON.stringify(index, null, 1)}\n`)
    const kept = new Set(entriesOf(index).map((entry) => entry.runId))
    for (const old of entriesOf(this.index)) {
      if (kept.has(old.runId)) continue
      await atPath(this.path, () => rm(join(this.path, old.runId), { recursive: true, force: true }))
    }
  }
}

type Contents = ReadonlyMap<EvidenceFile, Uint8Array>

/** Runs and measurements. */
export function entriesOf({ runs, measurements }: EvidenceIndex): KeptEntry[] {
  return [...runs, ...measurements]
}

function filesOf(contents: Contents): KeptEntry['files'] {
  return [...contents].map(([name, content]) => ({ name, sha256: sha256(content), bytes: content.length }))
}

function inPlace<Entry extends KeptEntry>(entries: readonly Entry[], added: Entry): Entry[] {
  const others = entries.filter(({ experiment }) => experiment !== added.experiment)
  return [...others, added].sort((a, b) => (a.experiment < b.experiment ? -1 : 1))
}

export function totalBytes(entries: readonly KeptEntry[]): number {
  return entries.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0)
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)
}

async function readIndex(path: string): Promise<EvidenceIndex> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw damaged('index.json', 'cannot be read', error)
  })
  if (text === undefined) return { schema: 1, runs: [], measurements: [] }
  const parsed = evidenceIndexSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw damaged('index.json', 'is no index of evidence')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
