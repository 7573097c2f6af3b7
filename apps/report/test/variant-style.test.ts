import { expect, test } from 'vitest'
import { variantStyles } from '../src/figures/variant-style.ts'
import { fixtureConditions, fixtureVariants } from './fixtures/declared-experiment.ts'

const styles = variantStyles({ manifest: { variants: [...fixtureVariants], conditions: [...fixtureConditions] } })

test('a control has hue and symbol of the variant that it controls, hollow', () => {
  const controls = fixtureVariants.filter(({ controls }) => controls !== undefined)
  expect(controls.length).toBeGreaterThan(0)
  for (const { id, controls: model = '' } of controls) {
    const { colour, symbol } = styles.get(model) ?? {}
    expect(styles.get(id)).toMatchObject({ colour, symbol, hollow: true })
    expect(styles.get(model)?.hollow).toBe(false)
  }
})

test('no two variants look the same', () => {
  const looks = [...styles.values()].map((style) => JSON.stringify(style))
  expect(looks).toHaveLength(fixtureVariants.length)
  expect(new Set(looks).size).toBe(fixtureVariants.length)
})
