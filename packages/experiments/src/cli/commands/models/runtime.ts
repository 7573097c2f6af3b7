/** Loaded when asked for: the tensor library takes a moment that no other command should wait for. */
export function runtime(): Promise<typeof import('@dsd-lab/node-runtime')> {
  return import('@dsd-lab/node-runtime')
}
