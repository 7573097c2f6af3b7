/** Whether a path that somebody else names stays below the folder it is joined to, on every system. */
export function staysInside(path: string): boolean {
  return path.split('/').every((segment) => !/^\.{0,2}$|[\\:\0]/.test(segment))
}
