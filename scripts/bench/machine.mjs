// The machine that all figures come from, and whether it is quiet.
import { cpus, loadavg, release, totalmem } from 'node:os';

/** A load average above this share of the cores is somebody else's work. */
const QUIET = 0.25;

/** @returns {{ description: string, quiet: boolean }} As it is before the first workload. */
export function machine() {
  const cores = cpus();
  const [load = 0] = loadavg();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const processor = cores[0]?.model.trim() ?? 'unknown';
  return {
    description: `${cores.length} cores (${processor}), ${memory}, ${process.platform} ${release()}, Node ${process.version}, load average ${load.toFixed(2)} before the start`,
    quiet: load <= cores.length * QUIET,
  };
}
