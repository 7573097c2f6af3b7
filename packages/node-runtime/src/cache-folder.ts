import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where downloads and what is made of them are kept, outside any repository: `$DSD_CACHE`, else `$XDG_CACHE_HOME/dsd-lab`, else
 * `~/.cache/dsd-lab`.
 */
export function cacheFolder(
  room: 'models' | 'native' | 'digests' | 'data' | 'onnx',
  env: NodeJS.ProcessEnv = process.env,
): string {
  const home = env.DSD_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dsd-lab')
  return join(home, room)
}
