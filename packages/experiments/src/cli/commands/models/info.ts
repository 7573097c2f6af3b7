import { DsdError } from '@dsd-lab/core'
import type { ModelConfig, ModelSource, StoredBytes } from '@dsd-lab/node-runtime'
import { Command } from 'commander'
import { tableText } from '../../table.ts'
import { print, printJson, type Terminal } from '../../terminal.ts'
import { factsOf } from './model-facts.ts'
import { runtime } from './runtime.ts'

export function modelInfo(to: Terminal): Command {
  return new Command('info')
    .description('describe one model: family, shapes, bytes a layer, tokenizer, licence')
    .argument('<model>', 'bundled:lab-target, bundled:lab-draft, hf:owner/name, a name of the catalogue, or a path')
    .option('--json', 'print as JSON')
    .action(async (ref: string, { json = false }: { json?: boolean }) => {
      const { openModel, selectEngine, sizeText, storedBytes } = await runtime()
      const model = await openModel(ref)
      const facts = {
        model,
        bytes: await storedBytes(model),
        tokenizer: await tokenizerOf(model),
        engine: selectEngine({ model }).name,
        digest: await model.digest(),
      }
      if (json) return printJson(to, jsonOf(facts))
      print(to, tableText({ head: ['', ''], rows: linesOf(facts, sizeText), align: ['left', 'left'] }).trim())
    })
}

interface Facts {
  readonly model: ModelSource
  readonly bytes: StoredBytes
  readonly tokenizer: TokenizerFacts
  readonly engine: string
  readonly digest: string
}

interface TokenizerFacts {
  /** SHA-256 over the spelling of every id; null when there is no tokenizer that can be read. */
  readonly digest: string | null
  readonly size: number | null
  readonly chatTemplate: boolean
  /** Why there is none. */
  readonly problem: string | null
}

async function tokenizerOf(model: ModelSource): Promise<TokenizerFacts> {
  try {
    const { digest, size, chat } = await model.tokenizer()
    return { digest, size, chatTemplate: chat !== undefined, problem: null }
  } catch (error) {
    if (!(error instanceof DsdError)) throw error
    return { digest: null, size: null, chatTemplate: false, problem: error.line }
  }
}

function jsonOf({ model, bytes, tokenizer, engine, digest }: Facts) {
  const { config, path, format, weightFiles, weightBytes, licence = null } = model
  const { tensors, ...shapes } = config
  return {
    ...factsOf(model),
    path,
    format,
    weightFiles,
    weightBytes,
    bytes,
    config: shapes,
    tiedHead: tensors.head === tensors.embedding,
    mostNodes: config.layers,
    tokenizer,
    licence,
    engine,
    digest,
  }
}

function linesOf(facts: Facts, sizeText: (bytes: number) => string): string[][] {
  const { model, bytes, tokenizer, engine, digest } = facts
  const { config, weightFiles } = model
  const ends = config.eos.length === 0 ? 'no end of text' : `end of text ${config.eos.join(', ')}`
  const least = sizeText(Math.min(...bytes.layers))
  const most = sizeText(Math.max(...bytes.layers))
  return [
    ['model', model.ref],
    ['family', `${config.architecture}, ${model.format}`],
    ['parameters', `${(model.parameters / 1e6).toFixed(2)} M`],
    ['layers', `${config.layers}: can be cut over 1 to ${config.layers} nodes`],
    ['shapes', shapesText(config)],
    ['positions', positionsText(config)],
    ['vocabulary', `${config.vocabSize}, ${ends}`],
    ['weights', `${sizeText(model.weightBytes)} in ${weightFiles.length} file${weightFiles.length === 1 ? '' : 's'}`],
    ['bytes a layer', least === most ? most : `${least} to ${most}`],
    ['embedding, head', `${sizeText(bytes.embedding)}, ${headText(facts, sizeText)}`],
    ['tokenizer', tokenizerText(tokenizer)],
    ['licence', model.licence ?? 'not stated'],
    ['engine', engine],
    ['digest', digest],
    ['path', model.path],
  ]
}

function shapesText({ hiddenSize, heads, kvHeads, headDim, ffnSize }: ModelConfig): string {
  const shared = kvHeads === heads ? `${heads} heads` : `${heads} query heads on ${kvHeads} key/value heads`
  return `hidden ${hiddenSize}, ${shared} of ${headDim}, feed-forward ${ffnSize}`
}

function positionsText({ positions, maxLength }: ModelConfig): string {
  const { kind } = positions
  const how = kind === 'learned' ? kind : `${kind}, theta ${positions.rope.theta}, scaling ${positions.rope.kind}`
  return `up to ${maxLength}, ${how}`
}

function headText({ model, bytes }: Facts, sizeText: (bytes: number) => string): string {
  const { head, embedding } = model.config.tensors
  return head === embedding ? 'tied' : sizeText(bytes.head)
}

const tokenizerText = ({ digest, size, chatTemplate, problem }: TokenizerFacts): string =>
  problem ?? `${size} tokens, ${chatTemplate ? 'with' : 'without'} a chat template, sha256 ${digest}`
