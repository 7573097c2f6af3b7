import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { pullModel } from '../../../src/model-sources/pull-model.ts'
import { resolveModel } from '../../../src/model-sources/resolve-model.ts'
import { caches } from '../caches.ts'
import { COMMIT, gguf, ggufs, world } from './hub-world.ts'

describe('one line for each mistake', () => {
  const several = { commit: COMMIT, revisions: ['main'], files: { 'a.gguf': gguf, 'b.gguf': gguf } }
  const pickled = { commit: COMMIT, revisions: ['main'], files: { 'pytorch_model.bin': gguf } }
  const torn = {
    commit: COMMIT,
    revisions: ['main'],
    files: { 'model.safetensors.index.json': Buffer.from('{"weight_map": {"a": "gone.safetensors"}}') },
  }
  const escaping = { commit: COMMIT, revisions: ['main'], files: { '../../evil.gguf': gguf } }
  const repositories = {
    'lab/escaping': escaping,
    'lab/ggufs': ggufs,
    'lab/several': several,
    'lab/pickled': pickled,
    'lab/torn': torn,
  }

  it.each([
    ['hf:lab', 2, 'hf:lab: is no name of a model on the hub; write hf:owner/name, hf:owner/name@revision or'],
    ['hf:lab/ggufs@', 2, 'hf:lab/ggufs@: is no name of a model on the hub'],
    ['hf:lab/..', 2, 'hf:lab/..: is no name of a model on the hub'],
    ['hf:lab/ggufs@..%2F..%2Fx', 2, 'hf:lab/ggufs@..%2F..%2Fx: is no name of a model on the hub'],
    ['hf:lab/ggufs/../../x.gguf', 2, 'hf:lab/ggufs/../../x.gguf: is no name of a model on the hub'],
    ['hf:lab/ggufs/model.bin', 2, 'hf:lab/ggufs/model.bin: model.bin is no GGUF file'],
    ['hf:lab/missing', 1, 'hf:lab/missing: the hub answers 401 (Invalid username or password.'],
    ['hf:lab/ggufs@v9', 1, 'hf:lab/ggufs@v9: the hub answers 404 (Invalid rev id: v9); check owner, name and revision'],
    ['hf:lab/ggufs/tiny.gguf', 2, 'the repository has no tiny.gguf; name one as hf:lab/ggufs/small.gguf: small.gguf'],
    ['hf:lab/several', 2, 'the repository holds 2 GGUF files; name one as hf:lab/several/a.gguf: a.gguf, b.gguf'],
    ['hf:lab/pickled', 2, 'the repository holds no safetensors and no GGUF weights; choose a model that has them'],
    ['hf:lab/torn', 2, 'model.safetensors.index.json names gone.safetensors, which is not there'],
    [
      'hf:lab/escaping',
      1,
      'hf:lab/escaping: the hub lists a file that cannot be kept: ../../evil.gguf; tell its publisher',
    ],
    ['qwen2.5-coder-1.5', 2, 'qwen2.5-coder-1.5: there is no such model; did you mean qwen2.5-coder-1.5b?'],
    [
      'gpt-17',
      2,
      'gpt-17: there is no such model; choose one of qwen2.5-coder-1.5b, qwen2.5-coder-0.5b, smollm2-135m, hf:owner/name',
    ],
  ])('%s', async (ref, exitCode, line) => {
    await using there = await world(repositories)
    await expect(pullModel(ref, { env: there.env })).rejects.toMatchObject({
      exitCode,
      line: expect.stringContaining(line),
    })
  })

  it('a hub that cannot be reached, an endpoint that is no address, a hub that may not be asked', async () => {
    using place = caches({ HF_ENDPOINT: await closedPort() })
    const pull = (more: NodeJS.ProcessEnv) => pullModel('hf:lab/ggufs', { env: { ...place.env, ...more } })
    await expect(pull({})).rejects.toMatchObject({
      exitCode: 1,
      line: expect.stringMatching(/^hub: cannot reach http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\); check the network/),
    })
    await expect(pull({ HF_ENDPOINT: 'the hub' })).rejects.toMatchObject({
      line: 'HF_ENDPOINT: the hub is no address; write it as https://host',
    })
    await expect(pull({ HF_HUB_OFFLINE: '1' })).rejects.toMatchObject({
      line: 'HF_HUB_OFFLINE: the hub may not be asked while this is set; unset it to download',
    })
  })

  it.each([
    ['smollm2-135', 'smollm2-135: there is no such model; did you mean smollm2-135m?'],
    [
      'nope',
      'smollm2-135m, bundled:lab-target, bundled:lab-draft, hf:owner/name, the path of a model folder or of a GGUF file',
    ],
    ['smollm2-135m', 'smollm2-135m: is not on this machine yet; exp models pull smollm2-135m'],
    ['hf:lab/ggufs@v1', 'hf:lab/ggufs@v1: is not on this machine yet; exp models pull hf:lab/ggufs@v1'],
    ['hf:lab/ggufs/a.bin', 'hf:lab/ggufs/a.bin: a.bin is no GGUF file; write hf:owner/name'],
  ])('opening %s', async (ref, line) => {
    using place = caches()
    await expect(resolveModel(ref, { env: place.env })).rejects.toMatchObject({
      exitCode: 2,
      line: expect.stringContaining(line),
    })
  })

  it('only the catalogue has a mirror', async () => {
    using place = caches()
    await expect(pullModel('hf:lab/ggufs', { env: place.env, mirror: 'pip' })).rejects.toMatchObject({
      exitCode: 2,
      line: expect.stringContaining('only models of the catalogue come from a mirror; leave --mirror away'),
    })
  })
})

/** An address where nothing listens. */
async function closedPort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}
