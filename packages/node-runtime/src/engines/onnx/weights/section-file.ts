import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import type { ModelWeights } from '../../../weights/model-weights.ts'
import { draftName } from './conversions.ts'
import { arraysOf } from './matrix-form.ts'
import type { MatrixPlan } from './matrix-plan.ts'
import { convertedRows } from './matrix-rows.ts'
import type { PlacedArray } from './placed-matrix.ts'

/** A cache line, and the vector registers of every processor. */
const ALIGNMENT = 64

/** Converted matrices that are loaded together, those of one layer or the head, in one file. */
export interface SectionFile {
  readonly file: string
  readonly byteLength: number
  readonly matrices: readonly { readonly plan: MatrixPlan; readonly arrays: readonly PlacedArray[] }[]
}

/** Where everything will lie; a function of the plans alone. */
export function layOut(file: string, plans: readonly MatrixPlan[]): SectionFile {
  let end = 0
  const matrices = plans.map((plan) => ({
    plan,
    arrays: arraysOf(plan.form, plan.inSize).map(({ part, bytesPerRow }) => {
      const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT
      const byteLength = bytesPerRow * plan.outSize
      end = offset + byteLength
      return { part, file, offset, byteLength }
    }),
  }))
  return { file, byteLength: end, matrices }
}

/** True iff the file is there as a whole: it gets its name when it is complete. */
export async function isWritten(dir: string, section: SectionFile): Promise<boolean> {
  const found = await stat(join(dir, section.file)).catch(() => undefined)
  return found?.size === section.byteLength
}

interface WriteOptions {
  readonly weights: ModelWeights
  readonly onBytes: (count: number) => void
  readonly signal: AbortSignal | undefined
}

/**
 * Converts a section into its file. Whoever is killed on the way, or does the same beside us, leaves only a file of another name.
 *
 * @param onBytes called with the number of bytes written since the last call
 * @throws the signal's reason, leaving nothing behind; DsdError when there is no room
 */
export async function writeSection(
  dir: string,
  section: SectionFile,
  { weights, onBytes, signal }: WriteOptions,
): Promise<void> {
  const path = join(dir, section.file)
  const draft = join(dir, draftName(section.file))
  try {
    const handle = await open(draft, 'w')
    try {
      for (const { plan, arrays } of section.matrices) {
        for await (const { from, arrays: pieces } of convertedRows(weights, plan)) {
          signal?.throwIfAborted()
          for (const { part, offset, byteLength } of arrays) {
            const piece = pieces[part] ?? new Uint8Array(0)
            await writeAt(handle, piece, offset + (from * byteLength) / plan.outSize)
            onBytes(piece.byteLength)
          }
        }
      }
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true })
    if (cause instanceof DsdError || signal?.aborted === true) throw cause
    throw new DsdError(`converted weights cannot be written (${cause instanceof Error ? cause.message : cause})`, {
      kind: 'environment',
      where: dir,
      fix: 'free some space, or name another folder in DSD_CACHE',
      cause,
    })
  }
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0
  while (written < bytes.byteLength) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.byteLength - written, position + written)
    written += bytesWritten
  }
}
