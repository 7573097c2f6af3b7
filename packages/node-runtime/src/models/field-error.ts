import { z } from 'zod'

/** A field that is wrong together with others. */
export const fieldError = (field: string, message: string): z.ZodError =>
  new z.ZodError([{ code: 'custom', path: [field], message, input: undefined }])
