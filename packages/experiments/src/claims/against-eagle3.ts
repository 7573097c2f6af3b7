import { PAPER, type UntestableClaim } from './claim.ts'

export const againstEagle3: UntestableClaim = {
  id: 'against-eagle3',
  text: 'DSD surpasses EAGLE-3',
  source: PAPER,
  rule: 'tokens a second of both on one pair, task and network; reproduced if the 95 % interval of the ratio lies above 1, refuted if below',
  untestable: 'the paper gives no numbers of EAGLE-3, and no EAGLE-3 head of a pair that runs here is in evidence',
}
