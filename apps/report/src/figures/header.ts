import type { RunPage } from '../page-data.ts'
import { element } from './element.ts'
import { fixed } from './number-format.ts'

/** Title of a run, and in one line what it was made with. */
export function runHeader({ manifest, counts }: RunPage): HTMLElement {
  const { target, draft } = manifest.models
  const date = manifest.createdAt.slice(0, 10)
  const models = draft === null ? target.ref : `${target.ref} with ${draft.ref}`
  return element('header', { class: 'run-header' }, [
    element('p', { class: 'kicker' }, [manifest.runId]),
    element('h1', {}, [manifest.title]),
    element('p', { class: 'dek' }, [
      `${models} on ${manifest.tasks.map(({ name, items }) => `${name} (${items} items)`).join(' and ')}; `,
      `${fixed(counts.cells, 0)} cells from ${fixed(counts.decodings, 0)} decodings, ${date}.`,
    ]),
  ])
}
