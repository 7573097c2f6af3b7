const OLDEST = [20, 19] as const

/** What is wrong with a Node version, as one line; undefined when it will do. */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined
  return `Node ${version} is too old; install Node ${OLDEST.join('.')} or later (20, 22 or 24), e.g. from https://nodejs.org`
}
