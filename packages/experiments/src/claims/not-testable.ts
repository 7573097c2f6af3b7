import type { Finding } from '../store/schema-claims.ts'

/** A finding that decides nothing, for want of what `because` says. */
export function notTestable({
  conditions,
  because,
  beside = [],
}: Pick<Finding, 'conditions' | 'because'> & Partial<Pick<Finding, 'beside'>>): Finding {
  return { verdict: 'not testable here', measured: null, conditions, because, beside }
}
