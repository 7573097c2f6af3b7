import { randomBytes } from 'node:crypto'
import { classifyVocabulary } from '@dsd-lab/acceptance'
import { loadShard } from '../engines/load-shard.ts'
import { type ModelSource, openModel } from '../models/model-source.ts'
import { checkedKey } from '../shard/checked-key.ts'
import { importRules, resolveNodeRule } from '../shard/rule-modules.ts'
import { serveShard } from '../shard/shard-server.ts'
import { collectGarbage } from './collect-garbage.ts'
import { conversionLines } from './conversion-lines.ts'
import type { NodeArguments } from './node-arguments.ts'
import type { NodeReport } from './node-report.ts'

/**
 * Loads the shard and serves it until the process ends.
 *
 * @throws DsdError when the secret in DSD_KEY is too short, or the model, the engine, a rules module or the port cannot be had.
 */
export async function runNode(options: NodeArguments): Promise<NodeReport> {
  const { layers, node, nodes, host, port, engine, precision } = options
  const { DSD_KEY: givenKey } = process.env
  const key = givenKey === undefined ? randomBytes(16).toString('hex') : checkedKey(givenKey, { of: 'new node' })
  for (const module of options.rules) await importRules(module)
  const model = await openModel(options.model)
  const shard = await loadShard({ model, layers, engine, precision, onConvert: conversionLines(model.ref) })
  const server = await serveShard({
    shard,
    modelDigest: await model.digest(),
    node,
    nodes,
    key,
    host,
    port,
    resolveRule: resolveNodeRule,
    ...(shard.tail ? { tokenClasses: await tokenClasses(model) } : {}),
  })
  collectGarbage()
  return {
    event: 'ready',
    node,
    pid: process.pid,
    url: server.url,
    port: server.port,
    layers,
    engine: shard.engine.name,
    ...(givenKey === undefined ? { key } : {}),
  }
}

/** `[vocab]`: the model's vocabulary may be padded beyond the tokenizer's. */
async function tokenClasses(model: ModelSource): Promise<Uint8Array> {
  const classes = new Uint8Array(model.config.vocabSize)
  const tokenizer = await model.tokenizer()
  classes.set(classifyVocabulary(tokenizer.pieces()).subarray(0, classes.length))
  return classes
}
