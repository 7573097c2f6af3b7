import type { Estimate } from '../store/schema.ts'

/** `2.51 [2.40, 2.63]` */
export function interval(
  { estimate, low, high }: Estimate,
  { digits, scale = 1 }: { readonly digits: number; readonly scale?: number },
): string {
  const text = (value: number): string => fixed(scale * value, digits)
  return `${text(estimate)} [${text(low)}, ${text(high)}]`
}

/** So many digits after the point, and no minus before a zero. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? (0).toFixed(digits) : text
}
