import { z } from 'zod'
import { size } from './config-fields.ts'
import type { ModelConfig } from './model-config.ts'

/** How Qwen2 and Qwen3 say which layers attend over a window only. */
export const qwenWindowFields = {
  use_sliding_window: z.boolean().default(false),
  sliding_window: size.nullable().default(4096),
  max_window_layers: z.number().int().default(28),
  layer_types: z.array(z.enum(['full_attention', 'sliding_attention'])).nullish(),
}

type QwenWindow = z.output<z.ZodObject<typeof qwenWindowFields>>

export function qwenWindow(raw: QwenWindow, maxLength: number): Pick<ModelConfig, 'window'> {
  const { use_sliding_window: isUsed, sliding_window: span, layer_types: types, max_window_layers: full } = raw
  const slides = (layer: number): boolean => (types == null ? layer >= full : types[layer] === 'sliding_attention')
  return windowOf(isUsed ? span : null, maxLength, slides)
}

/**
 * A window that is as long as the longest text changes nothing.
 *
 * @param span positions that one attends to; null: all
 */
export function windowOf(
  span: number | null,
  maxLength: number,
  slides: (layer: number) => boolean = () => true,
): Pick<ModelConfig, 'window'> {
  if (span === null || span >= maxLength) return {}
  return { window: (layer) => (slides(layer) ? span : undefined) }
}
