import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { cacheFolder } from '../../cache-folder.ts'

/** The two npm packages that bring TensorFlow itself. */
export type NativeName = 'tfjs-node' | 'tfjs-node-gpu'

/** A native package whose add-on is built. */
export interface NativePackage {
  readonly dir: string
  readonly version: string
}

/** The package in the set-up cache or, failing that, beside this one; undefined when it is absent or its add-on is not built. */
export function findNativePackage(name: NativeName, env: NodeJS.ProcessEnv = process.env): NativePackage | undefined {
  const manifest = `@tensorflow/${name}/package.json`
  return packageAt(join(cacheFolder('native', env), 'node_modules', manifest)) ?? packageAt(resolveHere(manifest))
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
