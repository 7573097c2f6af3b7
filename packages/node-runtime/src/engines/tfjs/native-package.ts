import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** The two npm packages that bring TensorFlow itself. */
export type NativeName = 'tfjs-node' | 'tfjs-node-gpu'

/** A native package whose add-on is built. */
export interface NativePackage {
  readonly dir: string
  readonly version: string
}

/** Where `pnpm setup:native` puts what it builds: `$XDG_CACHE_HOME/dsd-lab/native`, outside any repository. */
export function nativeCache(env: NodeJS.ProcessEnv): string {
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'dsd-lab', 'native')
}

/** The package in the set-up cache or, failing that, beside this one; undefined when it is absent or its add-on is not built. */
export function findNativePackage(name: NativeName, env: NodeJS.ProcessEnv = process.env): NativePackage | undefined {
  const manifest = `@tensorflow/${name}/package.json`
  return packageAt(join(nativeCache(env), 'node_modules', manifest)) ?? packageAt(resolveHere(manifest))
}

function packageAt(manifest: string | undefined): NativePackage | undefined {
  if (manifest === undefined || !existsSync(manifest)) return undefined
  const dir = dirname(manifest)
  const lib = join(dir, 'lib')
  const isBuilt = existsSync(lib) && readdirSync(lib).some((abi) => existsSync(join(lib, abi, 'tfjs_binding.node')))
  if (!isBuilt) return undefined
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8')))
  return { dir, version }
}

function resolveHere(manifest: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(manifest)
  } catch {
    return undefined
  }
}
