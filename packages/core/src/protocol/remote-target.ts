import type { Target } from '../decoding/target.ts'
import { DsdError } from '../errors.ts'
import type { RemoteTargetOptions } from './host.ts'

/** A target whose shards live behind a transport: the coordinator's state machine with deadlines on a real clock. */
export function remoteTarget(options: RemoteTargetOptions): Target {
  throw new DsdError(`the remote target ${options.name} is being written`, { kind: 'environment' })
}
