import { describe, expect, it } from 'vitest'
import { refuseMisfits } from '../../src/cluster/chain-plan.ts'
import type { Precision } from '../../src/engines/precision.ts'
import type { ShardIdentity } from '../../src/shard/messages.ts'

const identity = (node: number, precision: Precision): ShardIdentity => ({
  node,
  nodes: 2,
  pid: 1,
  boot: 1,
  layers: { from: 4 * node, to: 4 * node + 4 },
  embeds: node === 0,
  tail: node === 1,
  hiddenSize: 4,
  vocabSize: 8,
  maxLength: 16,
  maxFrameBytes: 1e6,
  modelDigest: 'of the same files',
  engine: {
    name: 'onnx',
    versions: { 'onnxruntime-node': '1' },
    threads: 1,
    device: 'CPU',
    precision,
    rowInvariance: { holds: true, windows: [], largestDifference: 0 },
  },
})

describe('nodes of one model and engine', () => {
  it('fit where they hold it alike', () => {
    expect(() => refuseMisfits([identity(0, 'q4'), identity(1, 'q4')])).not.toThrow()
  })

  it('are refused by name where one holds it in fewer bits', () => {
    expect(() => refuseMisfits([identity(0, 'as-stored'), identity(1, 'q4')])).toThrow(
      expect.objectContaining({
        line: 'node 1: computes with onnx, precision q4, onnxruntime-node 1, node 0 with onnx, precision as-stored, onnxruntime-node 1; give every node the same engine and --precision',
      }),
    )
  })
})
