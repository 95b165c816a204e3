// What the soak and its threads tell each other.

/** What a thread is to do. */
export interface Task {
  /** Of its first fuzzer. */
  readonly seed: number;
  /** From one fuzzer's seed to the next. */
  readonly step: number;
  readonly cases: number;
  /** By `Date.now()`. */
  readonly deadline: number;
}

/** What one fuzzer has done. */
export interface Progress {
  readonly cases: number;
  /** Those that no earlier one of its thread has shown. */
  readonly features: readonly number[];
  /** Text, where an invariant broke. */
  readonly finding: string | null;
}
