import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LinkModel } from '@dsd-lab/core'
import type { LlamaBuild } from './llama-build.ts'
import type { DecodingTask, Pace } from './task.ts'
import { portOf, type TcpLink, tcpLink } from './tcp-link.ts'

export interface LlamaRpcOptions {
  readonly build: LlamaBuild
  readonly nodes: number
  readonly link: LinkModel
  readonly threads: number
}

/** llama.cpp with its layers on RPC servers of this machine, each behind a link. */
export class LlamaRpc implements AsyncDisposable {
  readonly #options: LlamaRpcOptions
  readonly #servers: ChildProcess[] = []
  readonly #links: TcpLink[] = []

  private constructor(options: LlamaRpcOptions) {
    this.#options = options
  }

  static async start(options: LlamaRpcOptions): Promise<LlamaRpc> {
    const rpc = new LlamaRpc(options)
    try {
      for (let node = 0; node < options.nodes; node++) await rpc.#startServer()
      return rpc
    } catch (error) {
      await rpc[Symbol.asyncDispose]()
      throw error
    }
  }

  /**
   * Decodes greedily. Two runs of different lengths, so that what happens once (the first batch of each size costs extra trips) falls
   * out of the difference.
   */
  async pace(task: DecodingTask): Promise<Pace> {
    const short = await this.#run(task, task.warmUpTokens)
    const long = await this.#run(task, task.warmUpTokens + task.tokens)
    return { tokensPerSecond: (long.tokens - short.tokens) / (long.seconds - short.seconds), tokens: long.tokens }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const link of this.#links) await link[Symbol.asyncDispose]()
    for (const server of this.#servers) {
      if (server.exitCode !== null || server.signalCode !== null) continue
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    }
  }

  async #startServer(): Promise<void> {
    const { build, link, threads } = this.#options
    const port = await freePort()
    const server = spawn(build.server, ['-H', '127.0.0.1', '-p', String(port), '-t', String(threads)], {
      stdio: 'ignore',
      env: quietThreads(),
    })
    this.#servers.push(server)
    await listening(port, server)
    this.#links.push(await tcpLink(link, port))
  }

  async #run({ model, draft, prompt }: DecodingTask, tokens: number): Promise<Run> {
    const { build, nodes, threads } = this.#options
    const words = [
      ...['-m', model, '-p', prompt, '-n', String(tokens), '-c', '2048', '--temp', '0', '-t', String(threads)],
      ...['--rpc', this.#links.map(({ port }) => `127.0.0.1:${port}`).join(','), '-ngl', '99', '--fit', 'off'],
      ...['--split-mode', 'layer', '--tensor-split', Array(nodes).fill('1').join(',')],
    ]
    if (draft === undefined) {
      const said = await output(build.completion, [...words, '-no-cnv', '--no-display-prompt'])
      return runOf(/ {2}eval time = +([\d.]+) ms \/ +(\d+) runs/.exec(said), said, 1000)
    }
    const { path, gamma } = draft
    const drafting = ['--spec-type', 'draft-simple', '-md', path, '-devd', 'none', '--spec-draft-n-max', String(gamma)]
    const said = await output(build.speculative, [...words, ...drafting, '-td', String(threads)])
    const [, count, seconds] = /decoded +(\d+) tokens in +([\d.]+) seconds/.exec(said) ?? []
    return runOf(count === undefined ? null : ['', seconds ?? '', count], said, 1)
  }
}

interface Run {
  readonly tokens: number
  readonly seconds: number
}

function runOf(found: readonly string[] | null, said: string, unitsPerSecond: number): Run {
  const [, time, tokens] = found ?? []
  if (tokens === undefined) throw new Error(`llama.cpp said no times: ${said.trim().split('\n').slice(-3).join(' | ')}`)
  return { tokens: Number(tokens), seconds: Number(time) / unitsPerSecond }
}

async function output(program: string, words: readonly string[]): Promise<string> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: quietThreads() })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${said.trim().split('\n').slice(-3).join(' | ')}`)
  return said
}

/** Its threads would spin in the gaps of a round, on cores that the others need. */
const quietThreads = (): NodeJS.ProcessEnv => ({ ...process.env, OMP_WAIT_POLICY: 'passive' })

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server.address())
  server.close()
  await once(server, 'close')
  return port
}

async function listening(port: number, server: ChildProcess): Promise<void> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 100) {
    if (server.exitCode !== null) throw new Error(`ggml-rpc-server ended with ${server.exitCode}`)
    const socket = connect({ host: '127.0.0.1', port })
    const reached = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (reached) return
    await sleep(100)
  }
  throw new Error('ggml-rpc-server does not listen')
}
