import type { Flow, Loop, ProgramStep, Value, Written, WrittenList } from './step.ts'

type Told = Pick<ProgramStep, 'id' | 'asked' | 'remarks'>

interface Filter<Element> extends Told {
  readonly keep: Written
  readonly drop: Written
  readonly test: (element: Element) => boolean
}

interface Map<Element> extends Told {
  readonly to: Written
  readonly apply: (element: Element) => number | string
  /** What comes out; the same kind of list unless said. */
  readonly gives?: 'numbers' | 'words'
}

interface List<Element> extends Told {
  readonly names: readonly string[]
  readonly of: WrittenList
  readonly apply: (list: Element[]) => Element[]
}

interface Fold<Element> extends Told {
  readonly of: WrittenList
  readonly loop: Loop
  readonly apply: (list: readonly Element[]) => number | string
  readonly gives: 'number' | 'text'
}

const FILTERED = ['kept', 'chosen', 'left', 'good', 'wanted', 'some']
const MAPPED = ['changed', 'mapped', 'made', 'fresh', 'next', 'moved']

/** The four kinds of step over one kind of list; `read` narrows what flows in. */
function stepsOver<Element extends number | string>(from: 'numbers' | 'words', read: (value: Value) => Element[]) {
  const step = (told: Told, rest: { to: Flow } & Pick<ProgramStep, 'names' | 'shape' | 'run'>): ProgramStep => ({
    id: told.id,
    asked: told.asked,
    remarks: told.remarks,
    from,
    ...rest,
  })
  return {
    filter: (filter: Filter<Element>): ProgramStep =>
      step(filter, {
        to: from,
        names: FILTERED,
        shape: { kind: 'filter', keep: filter.keep, drop: filter.drop },
        run: (value) => alike(read(value).filter(filter.test)),
      }),
    map: (map: Map<Element>): ProgramStep =>
      step(map, {
        to: map.gives ?? from,
        names: MAPPED,
        shape: { kind: 'map', to: map.to },
        run: (value) => alike(read(value).map(map.apply)),
      }),
    list: (list: List<Element>): ProgramStep =>
      step(list, {
        to: from,
        names: list.names,
        shape: { kind: 'list', of: list.of },
        run: (value) => alike(list.apply(read(value))),
      }),
    fold: (fold: Fold<Element>): ProgramStep =>
      step(fold, {
        to: fold.gives,
        names: fold.loop.names,
        shape: { kind: 'fold', of: fold.of, loop: fold.loop },
        run: (value) => fold.apply(read(value)),
      }),
  }
}

export const numbers = stepsOver('numbers', (value) => listOf(value, (element) => typeof element === 'number'))
export const words = stepsOver('words', (value) => listOf(value, (element) => typeof element === 'string'))

/** A fresh list of elements of one type. */
function listOf<Element extends number | string>(
  value: Value,
  is: (element: unknown) => element is Element,
): Element[] {
  if (typeof value === 'number' || typeof value === 'string') throw new TypeError('this step works on a list')
  return [...value].map((element) => {
    if (!is(element)) throw new TypeError('this step works on a list of the other kind')
    return element
  })
}

function alike(list: readonly (number | string)[]): Value {
  if (list.every((element) => typeof element === 'number')) return list
  return list.map(String)
}
