import { homedir } from 'node:os'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'

/** How to reach the hub, from the variables that every program of Hugging Face reads. */
export interface HubConnection {
  /** Without a slash at the end. Default: `https://huggingface.co`; `HF_ENDPOINT` names another. */
  readonly endpoint: string
  /** `HF_TOKEN`; sent to the endpoint alone. */
  readonly token?: string
}

/** @throws DsdError when `HF_ENDPOINT` is no address, `HF_TOKEN` no token, or `HF_HUB_OFFLINE` forbids it */
export function hubConnection(env: NodeJS.ProcessEnv): HubConnection {
  if (/^(1|on|yes|true)$/i.test(env.HF_HUB_OFFLINE ?? '')) {
    throw wrongSetting('HF_HUB_OFFLINE', 'the hub may not be asked while this is set', 'unset it to download')
  }
  const endpoint = (env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '')
  if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint)) {
    throw wrongSetting('HF_ENDPOINT', `${endpoint} is no address`, 'write it as https://host')
  }
  const token = env.HF_TOKEN?.trim()
  if (!token) return { endpoint }
  if (!token.startsWith('hf_')) throw wrongSetting('HF_TOKEN', 'it does not begin with hf_', 'copy it again')
  return { endpoint, token }
}

/** The cache that all programs of Hugging Face share. */
export function hubCacheFolder(env: NodeJS.ProcessEnv): string {
  const home = env.HF_HOME || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface')
  return env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(home, 'hub')
}

const wrongSetting = (where: string, what: string, fix: string): DsdError =>
  new DsdError(what, { kind: 'bad-input', where, fix })
