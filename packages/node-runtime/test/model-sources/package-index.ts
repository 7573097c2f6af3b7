import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { zip } from '../wheels/zip-bytes.ts'

export interface PackageIndex extends AsyncDisposable {
  /** For `PIP_INDEX_URL`. */
  readonly url: string
  /** Names of the wheels that were asked for, in order. */
  readonly served: string[]
  /** Wheels of this package begin and do not end. */
  stalled: string | undefined
}

export interface WheelContent {
  readonly name: string
  readonly version: string
  readonly members: Readonly<Record<string, Buffer>>
}

/** A Python package index on loopback, in the simple form that pip reads. */
export async function packageIndex(wheels: readonly WheelContent[]): Promise<PackageIndex> {
  const files = new Map(wheels.map((wheel) => [fileName(wheel), wheelBytes(wheel)]))
  const served: string[] = []
  const index: { stalled: string | undefined } = { stalled: undefined }
  const server = createServer(({ url = '' }, response) => {
    const [, project, wheel] = /^\/simple\/([^/]+)\/|\/files\/([^/]+)$/.exec(url) ?? []
    const held = wheel === undefined ? undefined : files.get(wheel)
    if (wheel !== undefined && held !== undefined) {
      served.push(wheel)
      response.setHeader('content-length', held.length)
      if (index.stalled !== undefined && wheel.startsWith(index.stalled)) {
        return void response.write(held.subarray(0, held.length / 2))
      }
      return void response.end(held)
    }
    const names = [...files.keys()].filter((name) => project && name.startsWith(`${project.replaceAll('-', '_')}-`))
    if (names.length === 0) return void response.writeHead(404).end()
    response.setHeader('content-type', 'text/html')
    response.end(names.map((name) => `<a href="/files/${name}">${name}</a>`).join('\n'))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  return Object.assign(index, {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/simple`,
    served,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  })
}

const fileName = ({ name, version }: WheelContent): string => `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`

function wheelBytes({ name, version, members }: WheelContent): Buffer {
  const info = `${name.replaceAll('-', '_')}-${version}.dist-info`
  const all: Record<string, Buffer> = {
    ...members,
    [`${info}/METADATA`]: Buffer.from(`Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`),
    [`${info}/WHEEL`]: Buffer.from('Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
  }
  const lines = Object.entries(all).map(([member, content]) => {
    const digest = createHash('sha256').update(content).digest('base64url')
    return `${member},sha256=${digest},${content.length}`
  })
  return zip({ ...all, [`${info}/RECORD`]: Buffer.from([...lines, `${info}/RECORD,,`, ''].join('\n')) })
}
