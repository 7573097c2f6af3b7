/**
 * Ends this process when the one that started it goes away, however it went: the channel between them closes. A signal
 * that a terminal sends to both leaves the parent a moment to close its cluster in order.
 */
export function endWithParent(): void {
  const hasParent = process.channel !== undefined
  const graceMs = hasParent ? 2000 : 0
  process.once('disconnect', () => process.exit(0))
  process.once('SIGTERM', () => process.exit(0))
  process.once('SIGINT', () => setTimeout(() => process.exit(130), graceMs))
}
