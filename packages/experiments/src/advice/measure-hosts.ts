import { connect } from 'node:net'
import { DsdError } from '@dsd-lab/core'
import { hostAddress } from '../dsl/host-address.ts'

/** Where nothing else is said. */
const DEFAULT_PORT = 22
const TRIES = 5
const PATIENCE_MS = 3000

export interface MeasuredHost {
  readonly host: string
  /** Median time of a TCP connection from here: one round trip. */
  readonly roundTripMs: number
}

/**
 * Round trips from here to hosts, by opening TCP connections to `host` or `host:port` (default port 22); a refusal is an answer too.
 * Nothing is sent.
 *
 * @throws DsdError `bad-input` naming the host that is no host or does not answer.
 */
export async function measureHosts(hosts: readonly string[]): Promise<MeasuredHost[]> {
  const measured: MeasuredHost[] = []
  for (const host of hosts) {
    const { host: name, port } = parsed(host)
    const times: number[] = []
    for (let attempt = 0; attempt < TRIES; attempt++) times.push(await connectMs({ host, name, port }))
    times.sort((a, b) => a - b)
    measured.push({ host, roundTripMs: times[Math.floor(TRIES / 2)] ?? Number.NaN })
  }
  return measured
}

function parsed(text: string): { readonly host: string; readonly port: number } {
  const address = hostAddress(text)
  if (address !== undefined) return { host: address.host, port: address.port ?? DEFAULT_PORT }
  throw new DsdError(`${JSON.stringify(text)} is not a host`, {
    kind: 'bad-input',
    where: '--hosts',
    fix: 'give names or addresses, each with a port where it is not 22: a,b:9000,[::1]:9000',
  })
}

function connectMs({ host, name, port }: { host: string; name: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const socket = connect({ host: name, port })
    const end = (settle: () => void): void => {
      socket.destroy()
      settle()
    }
    const silent = (why: string) =>
      new DsdError(`${host} does not answer (${why})`, {
        kind: 'bad-input',
        where: '--hosts',
        fix: 'check its name and port, or give --nodes and --latency instead',
      })
    socket.setTimeout(PATIENCE_MS, () => end(() => reject(silent(`nothing within ${PATIENCE_MS} ms`))))
    socket.once('connect', () => end(() => resolve(performance.now() - start)))
    socket.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : error.message
      end(() => (code === 'ECONNREFUSED' ? resolve(performance.now() - start) : reject(silent(code))))
    })
  })
}
