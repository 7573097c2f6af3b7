import { belongings } from './belongings.ts'
import { money } from './money.ts'
import { passengers } from './passengers.ts'
import type { Scene } from './scene.ts'
import { score } from './score.ts'
import { stock } from './stock.ts'

/** Every scene of the task. Each has openings and questions of its own for the held-out split. */
export const SCENES: readonly Scene[] = [belongings, passengers, money, score, stock]
