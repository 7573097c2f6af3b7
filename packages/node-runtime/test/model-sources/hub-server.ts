import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HubServer extends AsyncDisposable {
  /** For `HF_ENDPOINT`. */
  readonly endpoint: string
  /** Everything that was asked, in order. */
  readonly requests: readonly HubRequest[]
  /** What goes wrong with the storage that large files are redirected to; may be changed at any time. */
  storage: StorageTrouble
}

export interface HubRequest {
  /** The hub itself, or the storage on another host that it redirects to. */
  readonly host: 'hub' | 'storage'
  readonly path: string
  readonly authorization: string | undefined
  readonly range: string | undefined
}

export interface StorageTrouble {
  /** Cuts the connection after so many bytes of an answer. */
  readonly cutAfter?: number
  /** How many answers are cut. Default: all. */
  readonly cuts?: number
  /** Sends no more after `cutAfter` bytes instead of cutting. */
  readonly silent?: boolean
  /** Changes the byte at this place. */
  readonly flip?: number
  /** Answers every range with the whole file. */
  readonly ignoresRanges?: boolean
}

export interface HubRepository {
  readonly commit: string
  /** Branches and tags of that commit. */
  readonly revisions: readonly string[]
  readonly files: Readonly<Record<string, Buffer>>
  /** Only shown to callers with this token. */
  readonly token?: string
}

/** A small hub on loopback: revisions, trees, files, large ones redirected to a storage on another port. */
export async function hubServer(repositories: Readonly<Record<string, HubRepository>>): Promise<HubServer> {
  const requests: HubRequest[] = []
  const log = (host: HubRequest['host'], { url = '', headers }: IncomingMessage): void => {
    requests.push({ host, path: url, authorization: headers.authorization, range: headers.range })
  }
  const contents = new Map(
    Object.values(repositories)
      .flatMap(({ files }) => Object.values(files))
      .map((content) => [sha256(content), content]),
  )
  let cuts = 0
  const hub = {
    storage: {} as StorageTrouble,
  }

  const storage = createServer((request, response) => {
    log('storage', request)
    const content = contents.get(request.url?.slice(1) ?? '')
    if (content === undefined) return void response.writeHead(404).end()
    const { cutAfter, cuts: allowed = Number.POSITIVE_INFINITY, silent, flip, ignoresRanges } = hub.storage
    const sent = Buffer.from(content)
    if (flip !== undefined) sent.writeUInt8(sent.readUInt8(flip) ^ 1, flip)
    const body = rangeOf(ignoresRanges ? undefined : request.headers.range, sent, response)
    if (cutAfter === undefined || cuts >= allowed || body.length <= cutAfter) return void response.end(body)
    cuts += 1
    response.write(body.subarray(0, cutAfter), () => {
      if (!silent) setTimeout(() => response.destroy(), 20)
    })
  })
  const storageAddress = await listen(storage)

  const server = createServer((request, response) => {
    log('hub', request)
    const [path = ''] = (request.url ?? '').split('?')
    const [, name = '', action = '', revision = '', file = ''] =
      /^\/(?:api\/models\/)?([^/]+\/[^/]+)\/(revision|tree|resolve)\/([^/]+)(?:\/(.*))?$/.exec(path) ?? []
    const repository = repositories[name]
    const isShown = repository?.token === undefined || request.headers.authorization === `Bearer ${repository.token}`
    if (repository === undefined || !isShown) {
      const status = request.headers.authorization === undefined ? 401 : 404
      return json(response, status, {
        error: status === 401 ? 'Invalid username or password.' : 'Repository not found',
      })
    }
    const wanted = decodeURIComponent(revision)
    if (wanted !== repository.commit && !repository.revisions.includes(wanted)) {
      return json(response, 404, { error: `Invalid rev id: ${wanted}` })
    }
    if (action === 'revision') {
      return json(response, 200, { _id: '1', id: name, sha: repository.commit, private: false, lastModified: 0 })
    }
    if (action === 'tree') return json(response, 200, tree(repository.files))
    const content = repository.files[decodeURIComponent(file)]
    if (content === undefined) return json(response, 404, { error: 'Entry not found' })
    if (!isLarge(file)) return void response.end(rangeOf(request.headers.range, content, response))
    response.writeHead(302, { location: `${storageAddress}/${sha256(content)}` }).end()
  })
  const endpoint = await listen(server)

  return Object.assign(hub, {
    endpoint,
    requests,
    async [Symbol.asyncDispose]() {
      for (const one of [server, storage]) {
        one.closeAllConnections()
        await new Promise((closed) => one.close(closed))
      }
    },
  })
}

function tree(files: Readonly<Record<string, Buffer>>): unknown {
  return Object.entries(files).map(([path, content]) => ({
    type: 'file',
    path,
    size: content.length,
    oid: gitSha1(content),
    ...(isLarge(path) ? { lfs: { oid: sha256(content), size: content.length, pointerSize: 130 } } : {}),
  }))
}

const isLarge = (path: string): boolean => /\.(safetensors|gguf)$/.test(path)

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}

function rangeOf(range: string | undefined, content: Buffer, response: ServerResponse): Buffer {
  const begin = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? -1)
  const body = content.subarray(Math.max(0, begin))
  if (begin >= 0) {
    response.statusCode = 206
    response.setHeader('content-range', `bytes ${begin}-${content.length - 1}/${content.length}`)
  }
  response.setHeader('content-length', body.length)
  return body
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address: AddressInfo | string | null = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

export const gitSha1 = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
