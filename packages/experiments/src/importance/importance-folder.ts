import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import type { z } from 'zod'
import { writeAtomically } from '../store/atomic-write.ts'
import { atPath, codeOf } from '../store/storage-error.ts'
import { type Evaluation, evaluationSchema } from './evaluation/evaluation-schema.ts'
import {
  type AnswerLine,
  answerLineSchema,
  type EffectLine,
  effectLineSchema,
  type ImportanceManifest,
  importanceManifestSchema,
  type Label,
  labelSchema,
} from './schema.ts'

/** What was measured, one JSON value a line. */
export type MeasurementTexts = Readonly<Record<'answers' | 'labels' | 'effects', string>>

/** The files of one measurement of importance, by what they hold. Reads are checked; writes are whole or not at all. */
export class ImportanceFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  get workFile(): string {
    return join(this.path, 'work.jsonl')
  }

  get scorerFile(): string {
    return join(this.path, 'scorer.json')
  }

  /** Undefined when the folder holds no measurement. */
  async readManifest(): Promise<ImportanceManifest | undefined> {
    const text = await this.#read('manifest.json')
    return text === undefined ? undefined : parsed(importanceManifestSchema, text)
  }

  async readEvaluation(): Promise<Evaluation | undefined> {
    const text = await this.#read('evaluation.json')
    return text === undefined ? undefined : parsed(evaluationSchema, text)
  }

  /** @throws DsdError as `labels` does. */
  async answers(): Promise<AnswerLine[]> {
    return linesOf(await this.#finished('answers.jsonl'), answerLineSchema, join(this.path, 'answers.jsonl'))
  }

  /** @throws DsdError `bad-input` when the measurement is not finished, or a line is not what it should be. */
  async labels(): Promise<Label[]> {
    return linesOf(await this.#finished('labels.jsonl'), labelSchema, join(this.path, 'labels.jsonl'))
  }

  /** @throws DsdError as `labels` does. */
  async effects(): Promise<EffectLine[]> {
    return linesOf(await this.#finished('effects.jsonl'), effectLineSchema, join(this.path, 'effects.jsonl'))
  }

  /** SHA-256 of `labels.jsonl`, hex. @throws DsdError as `labels` does. */
  async labelsDigest(): Promise<string> {
    return createHash('sha256')
      .update(await this.#finished('labels.jsonl'))
      .digest('hex')
  }

  writeManifest(manifest: ImportanceManifest): Promise<void> {
    return this.#write('manifest.json', manifest)
  }

  replaceLines(
    manifest: ImportanceManifest,
    {
      answers,
      labels,
      effects,
    }: {
      readonly answers: readonly AnswerLine[]
      readonly labels: readonly Label[]
      readonly effects: readonly EffectLine[]
    },
  ): Promise<void> {
    return this.replaceTexts(manifest, {
      answers: jsonLines(answerLineSchema, answers),
      labels: jsonLines(labelSchema, labels),
      effects: jsonLines(effectLineSchema, effects),
    })
  }

  /** Takes the evaluation of other lines away first: a measurement with one is finished, and its files fit each other. */
  async replaceTexts(manifest: ImportanceManifest, { answers, labels, effects }: MeasurementTexts): Promise<void> {
    await rm(join(this.path, 'evaluation.json'), { force: true })
    await this.writeManifest(manifest)
    await writeAtomically(join(this.path, 'answers.jsonl'), answers)
    await writeAtomically(join(this.path, 'effects.jsonl'), effects)
    await writeAtomically(join(this.path, 'labels.jsonl'), labels)
  }

  /** The files as they are, byte by byte. @throws DsdError as `labels` does. */
  async texts(): Promise<MeasurementTexts> {
    return {
      answers: await this.#finished('answers.jsonl'),
      labels: await this.#finished('labels.jsonl'),
      effects: await this.#finished('effects.jsonl'),
    }
  }

  writeEvaluation(evaluation: Evaluation): Promise<void> {
    return this.#write('evaluation.json', evaluation)
  }

  #write(name: string, value: unknown): Promise<void> {
    return writeAtomically(join(this.path, name), `${JSON.stringify(value, null, 1)}\n`)
  }

  async #finished(name: string): Promise<string> {
    const text = await this.#read(name)
    if (text !== undefined) return text
    throw new DsdError('the measurement is not finished', {
      kind: 'bad-input',
      where: this.path,
      fix: 'finish it with the same exp importance command',
    })
  }

  async #read(name: string): Promise<string | undefined> {
    const path = join(this.path, name)
    return atPath(path, async () => {
      try {
        return await readFile(path, 'utf8')
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes(String(codeOf(error)))) return undefined
        throw error
      }
    })
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Fields in the order of the schema: work that was read again and work just done give the same bytes. */
function jsonLines<Schema extends z.ZodType>(schema: Schema, values: readonly z.infer<Schema>[]): string {
  return values.map((value) => `${JSON.stringify(schema.parse(value))}\n`).join('')
}

function linesOf<Schema extends z.ZodType>(text: string, schema: Schema, where: string): z.infer<Schema>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const value = parsed(schema, line)
      if (value !== undefined) return value
      throw new DsdError(`line ${index + 1} is not one of these`, {
        kind: 'bad-input',
        where,
        fix: 'remove the file and make it again with the same exp importance command',
      })
    })
}
