export interface HostAddress {
  /** Name or address, without the brackets of an IPv6 one. */
  readonly host: string
  readonly port: number | undefined
}

/** Reads `a`, `a:9000`, `10.0.0.7:9000` or `[::1]:9000`; undefined for what is none of them. */
export function hostAddress(text: string): HostAddress | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([A-Za-z0-9._-]+))(?::(\d+))?$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = digits === undefined ? undefined : Number(digits)
  if (host === undefined || (port !== undefined && (port < 1 || port > 65_535))) return undefined
  return { host, port }
}

/** Whether it is a name or an address, IPv6 without brackets, and no port. */
export function isHost(text: string): boolean {
  return /^[A-Za-z0-9._-]+$/.test(text) || (/^[0-9A-Fa-f:.]+$/.test(text) && text.split(':').length > 2)
}

/** Whether it names this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
