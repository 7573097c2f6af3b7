import { z } from 'zod'

export const RUN_SCHEMA_VERSION = 1

export const ms = z.number().finite().nonnegative()
export const count = z.number().int().nonnegative()
export const id = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/)
