/** Names of the inputs and outputs of a decoder graph. */
export const names = {
  x: 'x',
  lastPosition: 'seqlens_k',
  total: 'total',
  cosines: 'cosines',
  sines: 'sines',
  judged: 'judged',
  stop: 'stop',
  hidden: 'hidden',
  logits: 'logits',
  pastKeys: (layer: number) => `past_keys_${layer}`,
  pastValues: (layer: number) => `past_values_${layer}`,
  keys: (layer: number) => `keys_${layer}`,
  values: (layer: number) => `values_${layer}`,
} as const
