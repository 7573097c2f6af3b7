import { setTimeout as sleep } from 'node:timers/promises'
import { DsdError } from '@dsd-lab/core'
import { codeOf } from '../../error-code.ts'
import type { HubConnection } from './hub-settings.ts'

/** Answers after which the same question may be asked again. */
const BUSY = new Set([429, 500, 502, 503, 504])
const ATTEMPTS = 3

/**
 * A `fetch` for the hub: the token goes to the endpoint alone, whatever address the hub names; a busy hub is asked again.
 *
 * @throws DsdError when the hub cannot be reached
 */
export function hubFetch({ endpoint, token }: HubConnection, signal: AbortSignal): typeof fetch {
  const home = new URL(endpoint).origin
  return async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input)
    const headers = new Headers(init?.headers)
    headers.delete('authorization')
    if (token !== undefined && address.origin === home) headers.set('authorization', `Bearer ${token}`)
    for (let attempt = 1; ; attempt++) {
      const response = await ask(address, { signal, ...init, headers }, signal)
      if (!BUSY.has(response.status) || attempt === ATTEMPTS) return response
      await response.body?.cancel()
      await sleep(250 * 2 ** attempt, undefined, { signal })
    }
  }
}

async function ask(address: URL, init: RequestInit, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, init)
  } catch (cause) {
    signal.throwIfAborted()
    throw unreachable(address, cause)
  }
}

/** What a failure of the network is called: the code or words of what lies at its bottom. */
export function networkProblem(error: unknown): string {
  // Several addresses of one name fail together.
  const deeper = error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined
  if (deeper !== undefined) return networkProblem(deeper)
  return codeOf(error) ?? (error instanceof Error ? error.message : String(error))
}

function unreachable(address: URL, cause: unknown): DsdError {
  return new DsdError(`cannot reach ${address.origin} (${networkProblem(cause)})`, {
    kind: 'environment',
    where: 'hub',
    fix: 'check the network, or HF_ENDPOINT; models of the catalogue also come with --mirror pip',
    cause,
  })
}
