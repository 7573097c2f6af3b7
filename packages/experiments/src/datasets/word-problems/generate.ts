import { drawsFor } from '../draws.ts'
import type { ItemRequest, NumberItem } from '../task-item.ts'
import { castPeople, castThing } from './cast.ts'
import { drawPlot, type Event } from './plot.ts'
import { SCENES } from './scenes/index.ts'
import type { Scene } from './scenes/scene.ts'
import { fill, type Slots, sentence, tellAnswer } from './telling.ts'

const TASK = 'word-problems'

/** One story with one to four steps of `+ - *` and its worked answer. The held-out split opens and asks in forms of its own. */
export function wordProblem(request: ItemRequest): NumberItem {
  const draws = drawsFor({ task: TASK, ...request })
  const scene = draws.pick(SCENES)
  const [actor, other] = castPeople(draws, request.split)
  const slots: Slots = {
    who: scene.actors === 'person' ? actor.name : draws.pick(scene.actors),
    they: scene.actors === 'person' ? actor.pronoun : 'it',
    other: other.name,
    thing: castThing(draws, request.split, scene),
    box: draws.pick(scene.boxes),
  }
  const plot = drawPlot(draws)
  const opening = draws.pick((plot.opening.kind === 'plain' ? scene.opening : scene.openingGroups)[request.split])
  const question = draws.pick(scene.question[request.split])
  const story = [
    fill(opening, { ...slots, ...numbers(plot.opening) }),
    ...plot.events.map((event) =>
      fill(draws.pick(eventForms(scene, event)), { ...slots, box: draws.pick(scene.boxes), ...numbers(event) }),
    ),
    fill(question, { ...slots }),
  ]
  const told = tellAnswer(draws, scene, plot, slots)
  return {
    kind: 'number',
    id: `${TASK}/${request.split}/${request.seed}/${request.index}`,
    task: TASK,
    prompt: `Question: ${story.map(sentence).join(' ')}\nAnswer:`,
    reference: ` ${told}`,
    answer: String(plot.answer),
    meta: { template: `${scene.name} | ${opening} | ${question}`, steps: plot.steps.length },
  }
}

const eventForms = (scene: Scene, event: Event): readonly string[] => scene[event.kind]

const numbers = (values: object): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([slot, value]) => [slot, String(value)]))
