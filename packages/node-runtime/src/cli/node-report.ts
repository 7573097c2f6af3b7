import { DsdError, type DsdErrorKind } from '@dsd-lab/core'
import { z } from 'zod'

const kinds = ['bad-input', 'environment', 'protocol', 'numeric', 'interrupted'] as const satisfies DsdErrorKind[]

const reportSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('ready'),
    node: z.number(),
    pid: z.number(),
    /** `ws://host:port` */
    url: z.string(),
    port: z.number(),
    layers: z.object({ from: z.number(), to: z.number() }),
    engine: z.string(),
    /** Secret that callers must present; printed only when it was made here. */
    key: z.string().optional(),
  }),
  z.object({
    event: z.literal('measured'),
    pid: z.number(),
    engine: z.string(),
    layersPerSecond: z.number().positive(),
  }),
  z.object({
    event: z.literal('failed'),
    message: z.string(),
    kind: z.enum(kinds),
    where: z.string().optional(),
    fix: z.string().optional(),
  }),
])

/** The one JSON line that `dsd-node` prints on its standard output. */
export type NodeReport = z.infer<typeof reportSchema>

export function readNodeReport(line: string): NodeReport | undefined {
  try {
    return reportSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

export function failureReport(error: unknown): NodeReport {
  if (!(error instanceof DsdError)) return { event: 'failed', kind: 'environment', message: String(error) }
  const { message, kind, where, fix } = error
  return { event: 'failed', message, kind, where, fix }
}
