/** Bytes for a reader, in decimal units: `98.4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`
  const [scale, unit] = bytes < 1e6 ? [1e3, 'kB'] : bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB']
  return `${(bytes / scale).toFixed(scale === 1e9 ? 2 : 1)} ${unit}`
}
