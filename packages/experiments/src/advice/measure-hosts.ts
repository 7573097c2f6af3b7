import { lookup } from 'node:dns/promises'
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
    const road = await answering(host)
    const times: number[] = []
    for (let attempt = 0; attempt < TRIES; attempt++) times.push(await connectMs(road))
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

interface Road {
  /** As it was given. */
  readonly host: string
  readonly address: string
  readonly port: number
}

/** The first of its addresses that answers: names are looked up once, and not while a round trip is timed. */
async function answering(host: string): Promise<Road> {
  const { host: name, port } = parsed(host)
  const addresses = await lookup(name, { all: true }).catch((error: unknown) => {
    throw silent(host, codeOf(error))
  })
  let failure: unknown = silent(host, 'no address')
  for (const { address } of addresses) {
    const road = { host, address, port }
    try {
      await connectMs(road)
      return road
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

function connectMs({ host, address, port }: Road): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const socket = connect({ host: address, port })
    const end = (settle: () => void): void => {
      socket.destroy()
      settle()
    }
    socket.setTimeout(PATIENCE_MS, () => end(() => reject(silent(host, `nothing within ${PATIENCE_MS} ms`))))
    socket.once('connect', () => end(() => resolve(performance.now() - start)))
    socket.once('error', (error) => {
      const code = codeOf(error)
      end(() => (code === 'ECONNREFUSED' ? resolve(performance.now() - start) : reject(silent(host, code))))
    })
  })
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

const silent = (host: string, why: string): DsdError =>
  new DsdError(`${host} does not answer (${why})`, {
    kind: 'bad-input',
    where: '--hosts',
    fix: 'check its name and port, or give --nodes and --latency instead',
  })
