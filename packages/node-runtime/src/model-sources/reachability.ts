import { runCommand } from '../programs/run-command.ts'
import { hubFetch } from './hub/hub-fetch.ts'
import { hubConnection } from './hub/hub-settings.ts'

/** Whether models can be fetched from somewhere. */
export interface Reachability {
  readonly present: boolean
  /** Its address or version; else what is wrong. */
  readonly detail: string
}

/** Whether the hub answers at all, within `patienceMs` (default 3000). */
export async function hubReachability(env: NodeJS.ProcessEnv = process.env, patienceMs = 3000): Promise<Reachability> {
  try {
    const connection = hubConnection(env)
    const response = await hubFetch(connection, AbortSignal.timeout(patienceMs))(connection.endpoint)
    await response.body?.cancel()
    return { present: true, detail: connection.endpoint }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { present: false, detail: error.name === 'TimeoutError' ? 'does not answer' : error.message }
  }
}

/** Whether `python3 -m pip` runs; which index it reaches only a download tells. */
export async function pipReachability(env: NodeJS.ProcessEnv = process.env): Promise<Reachability> {
  const { exitCode, output } = await runCommand('python3', ['-m', 'pip', '--version'], { env })
  const [line = ''] = output.trim().split('\n')
  if (exitCode === 0) return { present: true, detail: line.replace(/ from .*/, '') }
  return { present: false, detail: line.endsWith('ENOENT') ? 'python3 is not on the path' : line }
}
