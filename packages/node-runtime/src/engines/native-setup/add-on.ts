import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { lastWords, runCommand } from '../../programs/run-command.ts'
import type { NativeName } from '../tfjs/native-package.ts'

const PACKAGE_VERSION = '4.22.0'

/**
 * Installs the JavaScript of a native package into the cache, without its install script (which would download an old
 * TensorFlow).
 *
 * @returns the folder of the package
 */
export async function installPackage(cache: string, name: NativeName): Promise<string> {
  await mkdir(cache, { recursive: true })
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const wanted = `@tensorflow/${name}@${PACKAGE_VERSION}`
  const { exitCode, output } = await runCommand('npm', ['install', '--prefix', cache, ...flags, wanted])
  if (exitCode !== 0) {
    throw failed(`npm cannot install ${wanted}: ${lastWords(output)}`, 'check that npm reaches a package registry')
  }
  return join(cache, 'node_modules', '@tensorflow', name)
}

export interface AddOnRequest {
  /** Folder of the package. */
  readonly packageDir: string
  /** Folder with `lib` and `include` of TensorFlow. */
  readonly library: string
  readonly nodeInclude: string
}

/** Compiles the package's two source files and links them to the library, where the package looks for them. */
export async function buildAddOn({ packageDir, library, nodeInclude }: AddOnRequest): Promise<void> {
  const deps = join(packageDir, 'deps')
  const target = join(packageDir, 'lib', 'napi-v8')
  await rm(deps, { recursive: true, force: true })
  await mkdir(deps, { recursive: true })
  await mkdir(target, { recursive: true })
  await symlink(join(library, 'lib'), join(deps, 'lib'))
  await symlink(join(library, 'include'), join(deps, 'include'))
  const { exitCode, output } = await runCommand('g++', [
    ...['-O2', '-std=c++17', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
    ...['-I', join(deps, 'include'), '-I', nodeInclude],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => join(packageDir, 'binding', source)),
    ...['-o', join(target, 'tfjs_binding.node')],
    // The add-on finds the library beside itself, wherever the cache lies.
    ...['-L', join(deps, 'lib'), '-Wl,-rpath,$ORIGIN/../../deps/lib', '-ltensorflow', '-ltensorflow_framework'],
  ])
  if (exitCode !== 0) throw failed(`the add-on does not compile: ${lastWords(output)}`, 'use g++ 9 or later')
}

const failed = (what: string, fix: string): DsdError =>
  new DsdError(what, { kind: 'environment', where: 'setup:native', fix })
