import type { Draws } from '../draws.ts'
import type { Split } from '../task-item.ts'
import type { Scene } from './scenes/scene.ts'

export interface Person {
  readonly name: string
  readonly pronoun: 'she' | 'he'
}

const SHE = [
  'Mia',
  'Anna',
  'Lena',
  'Nora',
  'Zoe',
  'Emma',
  'Ruth',
  'Iris',
  'Clara',
  'Julia',
  'Olga',
  'Priya',
  'Sofia',
  'Lily',
  'Grace',
  'Hana',
  'Elsa',
  'Marta',
  'Yuki',
  'Carmen',
  'Ingrid',
  'Fatima',
  'Wendy',
  'Dora',
]
const HE = [
  'Tom',
  'Ben',
  'Omar',
  'Leo',
  'Jack',
  'Ivan',
  'Paul',
  'Noah',
  'Sam',
  'Hugo',
  'Raj',
  'Max',
  'Felix',
  'Adam',
  'Oscar',
  'Kofi',
  'Lukas',
  'Diego',
  'Henry',
  'Viktor',
  'Amir',
  'Peter',
  'Jonas',
  'Carl',
]
const FAMILY = [
  'Chen',
  'Lopez',
  'Novak',
  'Silva',
  'Brown',
  'Okoro',
  'Weber',
  'Rossi',
  'Khan',
  'Moore',
  'Tanaka',
  'Jensen',
  'Garcia',
  'Murphy',
  'Kowalski',
  'Dubois',
]

/** Full names whose two places in the lists sum to a multiple of four are kept for the held-out split. */
const reserved = (given: number, family: number): boolean => (given + family) % 4 === 0

/** Two different people. Held-out people carry a full name that no training item has. */
export function castPeople(draws: Draws, split: Split): readonly [Person, Person] {
  const [first, second] = draws.sample([...SHE, ...HE], 2)
  return [person(draws, split, first ?? 'Mia'), person(draws, split, second ?? 'Tom')]
}

function person(draws: Draws, split: Split, given: string): Person {
  const pronoun = SHE.includes(given) ? 'she' : 'he'
  if (draws.chance(0.5)) return { name: given, pronoun }
  const place = [...SHE, ...HE].indexOf(given)
  const families = FAMILY.filter((_, index) => reserved(place, index) === (split === 'heldout'))
  return { name: `${given} ${draws.pick(families)}`, pronoun }
}

const KIND = ['red', 'blue', 'green', 'old', 'new', 'small', 'large', 'round', 'yellow', 'heavy', 'plain', 'shiny']

/** A thing with its kind; one pair in four ("blue marbles") is kept for the held-out split. */
export function castThing(draws: Draws, split: Split, scene: Pick<Scene, 'things' | 'described'>): string {
  const { things, described } = scene
  const thing = draws.pick(things)
  if (!described || draws.chance(0.5)) return thing
  const place = things.indexOf(thing)
  const kinds = KIND.filter((_, index) => ((place + index) % 4 === 0) === (split === 'heldout'))
  return `${draws.pick(kinds)} ${thing}`
}
