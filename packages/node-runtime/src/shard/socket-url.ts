/** `ws://host:port`; an IPv6 address stands in brackets. */
export function socketUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  return `ws://${host.includes(':') ? `[${host}]` : host}:${port}`
}
