import { z } from 'zod'
import { size } from './config-fields.ts'
import { fieldError } from './field-error.ts'

/** How Qwen2 and Qwen3 say which layers attend over a window only. */
export const qwenWindowFields = {
  use_sliding_window: z.boolean().default(false),
  sliding_window: size.nullable().default(4096),
  max_window_layers: z.number().int().default(28),
  layer_types: z.array(z.string()).nullish(),
}

type QwenWindow = z.output<z.ZodObject<typeof qwenWindowFields>>

/** @throws z.ZodError when a layer would attend over fewer positions than the model has */
export function refuseQwenWindow(raw: QwenWindow & { readonly num_hidden_layers: number }, maxLength: number): void {
  if (!raw.use_sliding_window) return
  const slides = raw.layer_types?.includes('sliding_attention') ?? raw.max_window_layers < raw.num_hidden_layers
  if (slides) refuseBindingWindow(raw.sliding_window, maxLength)
}

/**
 * A window that is as long as the longest text changes nothing.
 *
 * @param window positions that one attends to; null: all
 * @throws z.ZodError when it is shorter
 */
export function refuseBindingWindow(window: number | null, maxLength: number): void {
  if (window === null || window >= maxLength) return
  throw fieldError(
    'sliding_window',
    `attention over a sliding window of ${window} of ${maxLength} positions is not supported`,
  )
}
