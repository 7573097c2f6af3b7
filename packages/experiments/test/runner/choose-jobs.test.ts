import { describe, expect, test, vi } from 'vitest'
import { chooseJobs } from '../../src/runner/choose-jobs.ts'

const GiB = 2 ** 30
const small = { parameters: 4e6, weightBytes: 8e6 }
const large = { parameters: 1.5e9, weightBytes: 1.1e9 }
const machine = { cores: 8, freeBytes: 12 * GiB, totalBytes: 16 * GiB }
const engine = 'tfjs-wasm' as const

describe('worker processes', () => {
  test('one a core for small models, fewer where memory is short', () => {
    expect(chooseJobs({ models: [small], engine, asked: undefined, machine })).toEqual({ jobs: 8 })
    const tight = { ...machine, freeBytes: 0.4 * GiB }
    expect(chooseJobs({ models: [small], engine, asked: undefined, machine: tight })).toEqual({
      jobs: 2,
      note: '2 workers: 0.4 GiB are free',
    })
    expect(chooseJobs({ models: [small], engine, asked: undefined, machine: { ...machine, freeBytes: 0 } }).jobs).toBe(
      1,
    )
  })

  test('one alone for large models, which says why', () => {
    const chosen = chooseJobs({ models: [large, small], engine, asked: undefined, machine })
    expect(chosen).toEqual({
      jobs: 1,
      note: 'one worker of about 5.7 GiB: its engine uses every core (--jobs overrides)',
    })
  })

  test('two for large models on an engine that shares its cores, where memory allows', () => {
    const onnx = { models: [large], engine: 'onnx', asked: undefined } as const
    expect(chooseJobs({ ...onnx, machine })).toEqual({
      jobs: 2,
      note: '2 workers of about 2.2 GiB, which share the cores (--jobs overrides)',
    })
    expect(chooseJobs({ ...onnx, machine: { ...machine, freeBytes: 4 * GiB } }).jobs).toBe(1)
    expect(chooseJobs({ ...onnx, machine: { ...machine, cores: 1 } }).jobs).toBe(1)
  })

  test('as many as asked for, with a warning beyond the free memory', () => {
    expect(chooseJobs({ models: [small], engine, asked: 3, machine })).toEqual({ jobs: 3 })
    expect(chooseJobs({ models: [large], engine, asked: 4, machine })).toEqual({
      jobs: 4,
      note: '4 workers need about 22.9 GiB, and 12.0 GiB are free',
    })
  })

  test('models larger than the machine are refused', () => {
    const tiny = { cores: 2, freeBytes: GiB, totalBytes: 2 * GiB }
    expect(() => chooseJobs({ models: [large], engine, asked: undefined, machine: tiny })).toThrow(
      'one worker needs about 5.7 GiB, and this machine has 2.0 GiB',
    )
  })

  test('memory is what the container is allowed, not what its host has', () => {
    const limit = vi.spyOn(process, 'constrainedMemory').mockReturnValue(2 * GiB)
    try {
      expect(() => chooseJobs({ models: [large], engine, asked: undefined })).toThrow('this machine has 2.0 GiB')
    } finally {
      limit.mockRestore()
    }
  })
})
