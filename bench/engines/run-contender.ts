import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ContenderRequest, Done, Job, Loaded } from './contender.ts'

export type EngineUnderTest = 'onnx' | 'llama.cpp'

/** A contender as the benchmark sees it. */
export interface RunningContender extends AsyncDisposable {
  readonly loaded: Loaded
  run(job: Job): Promise<Done>
}

export async function startContender(engine: EngineUnderTest, request: ContenderRequest): Promise<RunningContender> {
  const child = fork(
    fileURLToPath(new URL('./contender-process.ts', import.meta.url)),
    [engine, JSON.stringify(request)],
    {
      env: { ...process.env, DSD_THREADS: String(request.threads) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  )
  const loaded: Loaded = await reply(child, engine)
  return {
    loaded,
    run(job) {
      child.send(job)
      return reply(child, engine)
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      // A child that is going has closed its channel: closing it twice would be an error that hides why it went.
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

/** The next message of the child. */
async function reply<T>(child: ChildProcess, engine: EngineUnderTest): Promise<T> {
  const gone = new AbortController()
  const ended = once(child, 'exit', { signal: gone.signal }).then(([code]) => {
    throw new Error(`the process of ${engine} has ended (${code})`)
  })
  try {
    const [message] = await Promise.race([once(child, 'message'), ended])
    return message
  } finally {
    ended.catch(() => {})
    gone.abort()
  }
}
