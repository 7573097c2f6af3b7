import { DsdError } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { parseLink, parseLinks } from '../../src/links/link-spec.ts'
import { linkProfiles } from '../../src/links/profiles.ts'

function lineOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof DsdError) return `${error.kind} | ${error.line}`
    throw error
  }
  return 'accepted'
}

const names =
  'give one of lan, metro, continental, intercontinental, starlink, or { latencyMs, jitterMs, bandwidthMbps, loss }'

describe('a link as the user writes it', () => {
  it('is a profile by name, or numbers', () => {
    expect(parseLink('continental')).toEqual(linkProfiles.continental)
    expect(parseLink({ latencyMs: 20, jitterMs: 1 })).toEqual({ latencyMs: 20, jitterMs: 1 })
  })

  it.each([
    ['metropole', `bad-input | cluster.link: no link profile is called "metropole"; ${names}`],
    [{ latencyMs: -1 }, `bad-input | cluster.link.latencyMs: is below zero; ${names}`],
    [{ latencyMs: Number.NaN }, `bad-input | cluster.link.latencyMs: is not a number; ${names}`],
    [{}, `bad-input | cluster.link.latencyMs: is missing; ${names}`],
    [{ latencyMs: 5, jitterMs: 6 }, `bad-input | cluster.link.jitterMs: is above the latency; ${names}`],
    [{ latencyMs: 5, bandwidthMbps: 0 }, `bad-input | cluster.link.bandwidthMbps: is not above zero; ${names}`],
    [{ latencyMs: 5, loss: 0.9 }, `bad-input | cluster.link.loss: is above one half; ${names}`],
    [{ latencyMs: 5, latency: 4 }, 'bad-input | cluster.link.latency: is unknown; did you mean latencyMs?'],
    [{ latency: 20 }, 'bad-input | cluster.link.latency: is unknown; did you mean latencyMs?'],
    [7, `bad-input | cluster.link: is neither a name nor an object; ${names}`],
  ])('says in one line what is wrong with %j', (choice, line) => {
    expect(lineOf(() => parseLink(choice, 'cluster.link'))).toBe(line)
  })

  it('serves every link of a cluster, or a list gives each its own with the return link last', () => {
    expect(parseLinks('lan', 2)).toEqual([linkProfiles.lan, linkProfiles.lan, linkProfiles.lan])
    expect(parseLinks([{ latencyMs: 1 }, 'lan'], 1)).toEqual([{ latencyMs: 1 }, linkProfiles.lan])
    expect(lineOf(() => parseLinks(['lan'], 2))).toBe(
      'bad-input | cluster.link: 1 links for 2 nodes; give one link, or 3: 2 forward and the return link last',
    )
    expect(lineOf(() => parseLinks(['lan', { latencyMs: -2 }], 1))).toContain(
      'cluster.link[1].latencyMs: is below zero',
    )
  })
})
