import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import type { ModelSource } from '@dsd-lab/node-runtime'
import { Command } from 'commander'
import { tableText } from '../table.ts'
import { print, printJson, type Terminal } from '../terminal.ts'

const BUNDLED = ['bundled:lab-target', 'bundled:lab-draft'] as const

export function modelsCommand(to: Terminal): Command {
  return new Command('models')
    .description('list the models at hand, or describe one')
    .addCommand(listModels(to), { isDefault: true })
    .addCommand(modelInfo(to))
}

function listModels(to: Terminal): Command {
  return new Command('list')
    .description('list the bundled models and those in a folder')
    .argument('[folder]', 'a folder of model folders')
    .option('--json', 'print as JSON')
    .action(async (folder: string | undefined, { json = false }: { json?: boolean }) => {
      const refs = [...BUNDLED, ...(folder === undefined ? [] : await foldersIn(folder))]
      const models = await Promise.all(refs.map(describe))
      if (json) return printJson(to, models)
      print(
        to,
        tableText({
          head: ['model', 'architecture', 'parameters', 'layers', 'vocabulary', 'note'],
          rows: models.map((model) =>
            'problem' in model
              ? [model.ref, '', '', '', '', model.problem]
              : [
                  model.ref,
                  model.architecture,
                  millions(model.parameters),
                  `${model.layers}`,
                  `${model.vocabSize}`,
                  '',
                ],
          ),
          align: ['left', 'left', 'right', 'right', 'right', 'left'],
        }),
      )
    })
}

function modelInfo(to: Terminal): Command {
  return new Command('info')
    .description('describe one model')
    .argument('<model>', 'bundled:lab-target, bundled:lab-draft, or a model folder')
    .option('--json', 'print as JSON')
    .action(async (ref: string, { json = false }: { json?: boolean }) => {
      const { openModel, selectEngine } = await runtime()
      const model = await openModel(ref)
      const engine = selectEngine({ model })
      const facts = {
        ...factsOf(model),
        path: model.path,
        weightBytes: model.weightBytes,
        hiddenSize: model.config.hiddenSize,
        maxLength: model.config.maxLength,
        engine: engine.name,
        digest: await model.digest(),
      }
      if (json) return printJson(to, facts)
      print(
        to,
        tableText({
          head: ['', ''],
          rows: Object.entries(facts).map(([key, value]) => [key, String(value)]),
          align: ['left', 'left'],
        }).trim(),
      )
    })
}

interface ModelFacts {
  readonly ref: string
  readonly architecture: string
  readonly parameters: number
  readonly layers: number
  readonly vocabSize: number
}

async function describe(ref: string): Promise<ModelFacts | { readonly ref: string; readonly problem: string }> {
  const { openModel } = await runtime()
  try {
    return factsOf(await openModel(ref))
  } catch (error) {
    if (error instanceof DsdError) return { ref, problem: error.line }
    throw error
  }
}

function factsOf({ ref, config, parameters }: ModelSource): ModelFacts {
  return { ref, architecture: config.architecture, parameters, layers: config.layers, vocabSize: config.vocabSize }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(resolve(folder), { withFileTypes: true }).catch((cause: unknown) => {
    throw new DsdError('is not a folder', {
      kind: 'bad-input',
      where: folder,
      fix: 'give a folder of model folders',
      cause,
    })
  })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(2)} M`
}

/** Loaded when asked for: the tensor library takes a moment that no other command should wait for. */
function runtime(): Promise<typeof import('@dsd-lab/node-runtime')> {
  return import('@dsd-lab/node-runtime')
}
