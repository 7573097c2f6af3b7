import type { z } from 'zod'

/**
 * The first key that a strict schema does not know; undefined when all are known. It is told before all other problems: a misspelt key is
 * also one that is missing, and the spelling is the news.
 */
export function unknownKey({ issues }: z.core.$ZodError): string | undefined {
  const [key] = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  )
  return key
}
