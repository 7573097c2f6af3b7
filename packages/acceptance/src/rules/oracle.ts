import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import { defineRule } from '../define-rule.ts'
import { keepOwnOr } from './keep-if.ts'

const positions = z.array(z.int().gte(0))

/**
 * What a perfect scorer would allow: measured importance decides. Head-room for every rule that guesses it; no published rule.
 *
 *     accept x iff x = argmax p, or the position has a label and it says unimportant;  on reject emit argmax p
 *
 * `labels`, required: by the index of the text in its task, the absolute positions (prompt included) whose mismatch was
 * measured to change the answer (`important`) or not (`unimportant`), counted in the text that the labels were measured on:
 * the target's greedy text for independent flips, the text with the flips adopted for semi-greedy ones. The latter is the
 * text that this rule decodes, if the measurement left the target's own token behind every kept window, of the same length.
 * A position without a label, and a text without labels, is strict. Labels belong to one task, one pair of models and
 * temperature 0.
 * Lossless only without unimportant positions. Ids travel; the table goes to every node when a session opens.
 */
export const oracle = defineRule({
  name: 'oracle',
  parameters: {
    labels: z
      .record(z.string().regex(/^\d+$/), z.strictObject({ important: positions, unimportant: positions }))
      .describe("{ '<index of the text>': { important: [positions], unimportant: [positions] } }"),
  },
  create({ labels }, { temperature, sequence }) {
    if (temperature !== 0) {
      throw new DsdError(`labels were measured at temperature 0, not ${temperature}`, {
        kind: 'bad-input',
        where: 'oracle.labels',
        fix: 'set sampling.temperature to 0',
      })
    }
    const own = sequence === undefined ? undefined : labels[sequence]
    const important = new Set(own?.important)
    const unimportant = new Set(own?.unimportant)
    return {
      lossless: Object.values(labels).every((label) => label.unimportant.length === 0),
      drafting: 'greedy',
      drawsWhenGreedy: false,
      decide: keepOwnOr(({ position }) => unimportant.has(position)),
      score: ({ position }) =>
        important.has(position) ? { importance: 1, reasons: ['user'] } : { importance: 0, reasons: [] },
    }
  },
})
