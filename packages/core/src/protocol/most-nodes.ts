import { DsdError } from '../errors.ts'
import { MOST_STAGES } from './frames/limits.ts'

/** Most nodes of a chain that sends frames, live or on the virtual clock: one byte of a frame counts the stages behind it. */
export const MOST_NODES = MOST_STAGES

/** @throws DsdError `bad-input` for more nodes than a frame can count. */
export function checkNodeCount(nodes: number, where: string): void {
  if (nodes <= MOST_NODES) return
  throw new DsdError(`${nodes} nodes`, {
    kind: 'bad-input',
    where,
    fix: `give at most ${MOST_NODES}, or simulate them`,
  })
}
