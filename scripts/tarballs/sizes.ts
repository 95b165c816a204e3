// What a package weighs, and how far that may drift from what is recorded.

/** What is recorded of a package. */
export interface Size {
  /** What is downloaded, in bytes. */
  readonly tarball: number;
  /** What it takes on a disk, in bytes. */
  readonly unpacked: number;
  /** How many files it has. */
  readonly files: number;
}

export type Sizes = Readonly<Record<string, Size>>;

/** A part of what is recorded. */
const TOLERANCE = 0.1;

/** Small packages may drift by this much, so that a sentence in a README needs no new record. */
const LEEWAY: Size = { tarball: 2048, unpacked: 4096, files: 1 };

/** What is to be recorded: as before where that is still about right, else as measured. */
export function steadySizes(recorded: Sizes, measured: Sizes): Sizes {
  const packages = Object.entries(measured);
  return Object.fromEntries(packages.map(([name, size]) => [name, steadySize(recorded[name], size)]));
}

function steadySize(recorded: Size | undefined, measured: Size): Size {
  if (recorded === undefined) return measured;
  const steady = (field: keyof Size): number => {
    const allowed = Math.max(recorded[field] * TOLERANCE, LEEWAY[field]);
    return Math.abs(measured[field] - recorded[field]) <= allowed ? recorded[field] : measured[field];
  };
  return { tarball: steady('tarball'), unpacked: steady('unpacked'), files: steady('files') };
}
