import type { PythonProgramItem } from '../../src/datasets/index.ts'

/** A function to complete, in the form of published data sets: an import and another function before it, tests behind. */
export const doubled: PythonProgramItem = {
  kind: 'python-program',
  id: 'own/0',
  task: 'own',
  prompt: `from typing import List


def twice(x: int) -> int:
    return 2 * x


def doubled(xs: List[int]) -> List[int]:
    """ Twice each number.
    >>> doubled([1, 2])
    [2, 4]
    """
`,
  reference: '    return [twice(x) for x in xs]\n',
  entry: 'doubled',
  test: `def check(candidate):
    assert candidate([1, 2]) == [2, 4]
    assert candidate([]) == []
    assert candidate([3]) == [twice(3)]
    assert candidate([5]) == doubled([5])
`,
}

/** A body of the function, as a completion. */
export const body = (...lines: readonly string[]): string => lines.map((line) => `    ${line}\n`).join('')

export const rightBody = body('return [2 * x for x in xs]')
