import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Programs of llama.cpp that the comparison needs. */
export interface LlamaBuild {
  readonly server: string
  readonly completion: string
  readonly speculative: string
}

/** Finds them in a build folder or beside it; or says what is missing. */
export function findLlamaBuild(dir: string | undefined): LlamaBuild | { readonly missing: string } {
  if (dir === undefined || dir === '') return { missing: 'LLAMA_CPP_DIR does not name a build of llama.cpp' }
  const find = (...names: readonly string[]): string | undefined =>
    ['', 'bin', 'build/bin']
      .flatMap((place) => names.map((name) => join(dir, place, name)))
      .find((path) => existsSync(path))
  const server = find('ggml-rpc-server', 'rpc-server')
  const completion = find('llama-completion')
  const speculative = find('llama-speculative-simple')
  if (server === undefined) return { missing: `${dir} has no ggml-rpc-server: build it with -DGGML_RPC=ON` }
  if (completion === undefined) return { missing: `${dir} has no llama-completion` }
  if (speculative === undefined) return { missing: `${dir} has no llama-speculative-simple` }
  return { server, completion, speculative }
}
