import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import { runWarden } from './judge-process.ts'
import { DEFAULT_LIMITS } from './limits.ts'

export interface PythonInterpreter {
  /** Of the interpreter itself, not of what finds it. */
  readonly path: string
  /** As `3.11.7`. */
  readonly version: string
}

/** What the system does to keep a judged program to itself. */
export interface PythonIsolation {
  /** It runs as a user that owns nothing. */
  readonly user: boolean
  /** It sees no other process and no network. */
  readonly namespaces: boolean
  /** It cannot write outside its folder, whatever it does. */
  readonly files: boolean
}

/** Audit hooks came with 3.8. */
const OLDEST_MINOR = 8
const ASK = 'import json, sys; print(json.dumps(dict(executable=sys.executable, version=sys.version_info[:3])))'
const answerSchema = z.object({ executable: z.string().min(1), version: z.tuple([z.number(), z.number(), z.number()]) })

/** `$PYTHON`, else `python3`; undefined when there is none, it is too old, or this is Windows, where a process cannot fork. */
export async function findPython(): Promise<PythonInterpreter | undefined> {
  const { PYTHON } = process.env
  const command = PYTHON === undefined || PYTHON === '' ? 'python3' : PYTHON
  if (process.platform === 'win32') return undefined
  try {
    const { stdout } = await promisify(execFile)(command, ['-I', '-S', '-c', ASK], { timeout: 30_000 })
    const { executable, version } = answerSchema.parse(JSON.parse(stdout))
    const [major, minor] = version
    const isNew = major > 3 || (major === 3 && minor >= OLDEST_MINOR)
    return isNew ? { path: executable, version: version.join('.') } : undefined
  } catch {
    return undefined
  }
}

/** @throws DsdError `environment` when programs in Python cannot be judged here. */
export async function requirePython(task: string): Promise<PythonInterpreter> {
  const python = await findPython()
  if (python !== undefined) return python
  throw new DsdError(
    `${task} is judged by running Python, and there is no python3 of version 3.${OLDEST_MINOR} or later`,
    {
      kind: 'environment',
      fix: 'install one on Linux or macOS, or name it with $PYTHON',
    },
  )
}

const isolationSchema = z.object({ user: z.boolean(), namespaces: z.boolean(), files: z.boolean() })

/** Tries out what isolation the system gives. */
export async function probeIsolation({ path }: PythonInterpreter): Promise<PythonIsolation> {
  const parsed = isolationSchema.safeParse(await runWarden({ python: path, limits: DEFAULT_LIMITS, job: undefined }))
  return parsed.success ? parsed.data : { user: false, namespaces: false, files: false }
}
