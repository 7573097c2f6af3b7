import { PAPER, type TestableClaim } from './claim.ts'
import { judgeSpeedup, SPEEDUP_RULE } from './speedup-claims.ts'

export const speedupHumaneval: TestableClaim = {
  id: 'speedup-humaneval',
  text: 'DSD is up to 2.56 times as fast as plain decoding on HumanEval',
  source: PAPER,
  rule: SPEEDUP_RULE,
  readings: [
    { experiment: 'humaneval-qwen.ts', task: 'humaneval' },
    { experiment: 'claim-speedup.ts', task: 'programs', note: 'generated programs stand in for HumanEval' },
  ],
  judge: judgeSpeedup(2.56),
}
