import { describe, expect, it } from 'vitest'
import { pullModel } from '../../../src/model-sources/pull-model.ts'
import { asked, ggufs, world } from './hub-world.ts'

describe('the token', () => {
  const closed = { 'lab/closed': { ...ggufs, token: 'hf_secret' } }

  it('opens a closed repository, and is sent to the hub alone', async () => {
    await using there = await world(closed, { HF_TOKEN: 'hf_secret' })
    await pullModel('hf:lab/closed/small.gguf', { env: there.env })
    expect(new Set(asked(there.hub, 'hub').map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer hf_secret']),
    )
    expect(asked(there.hub, 'storage').map(({ authorization }) => authorization)).toEqual([undefined])
  })

  it.each([
    [
      undefined,
      /the hub answers 401 \(Invalid username or password\.?\); check the name; if it is private or gated, set HF_TOKEN/,
    ],
    ['hf_wrong', /the hub answers 404 \(Repository not found\); check owner, name and revision/],
    ['secret', /^HF_TOKEN: it does not begin with hf_; copy it again$/],
  ])('%s does not', async (token, line) => {
    await using there = await world(closed, token === undefined ? {} : { HF_TOKEN: token })
    await expect(pullModel('hf:lab/closed/small.gguf', { env: there.env })).rejects.toMatchObject({
      line: expect.stringMatching(line),
    })
  })
})
