/** Milliseconds for which this process has been at work: unlike the time of day, they do not pass while others are. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
