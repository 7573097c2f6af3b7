import { PAPER, type TestableClaim } from './claim.ts'
import { judgeSpeedup, SPEEDUP_RULE } from './speedup-claims.ts'

export const speedupGsm8k: TestableClaim = {
  id: 'speedup-gsm8k',
  text: 'DSD is up to 2.59 times as fast as plain decoding on GSM8K',
  source: PAPER,
  rule: SPEEDUP_RULE,
  readings: [
    { experiment: 'gsm8k-qwen.ts', task: 'gsm8k' },
    { experiment: 'claim-speedup.ts', task: 'word-problems', note: 'generated word problems stand in for GSM8K' },
  ],
  judge: judgeSpeedup(2.59),
}
