import { DsdError } from '@dsd-lab/core'

/** Turns an error of the file system into one line that says what to do; anything else is given back as it is. */
export function storageError(error: unknown, path: string): unknown {
  // Making folders below a read-only file system is answered as if one above were missing.
  const code = codeOf(error) === 'ENOENT' && isMkdir(error) ? 'EROFS' : codeOf(error)
  const [message, fix] = explanation(code) ?? []
  if (message === undefined || fix === undefined) return error
  return new DsdError(message, { kind: 'environment', where: path, fix, cause: error })
}

/** Runs a file operation; its errors name the path and the cure. */
export async function atPath<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    throw storageError(error, path)
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function isMkdir(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'mkdir'
}

function explanation(code: string | undefined): readonly [message: string, fix: string] | undefined {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return ['the disk is full', 'free some space and run the same command again: finished work is kept']
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return ['no permission to write here', 'choose another folder with --runs, or mend its permissions']
    case 'ENOTDIR':
    case 'EEXIST':
      return ['there is a file where a folder is needed', 'choose another folder with --runs']
    case 'EMFILE':
      return ['too many open files', 'raise the limit (ulimit -n) and run the same command again']
    case 'EIO':
      return ['the disk does not answer', 'check it, then run the same command again: finished work is kept']
    default:
      return undefined
  }
}
