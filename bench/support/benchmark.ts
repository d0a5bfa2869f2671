/** What a benchmark found; every comparison is with something measured in the same run. */
export type Report = Readonly<Record<string, number | boolean | string>>;

/** Told a line for the people who wait. */
export type Progress = (line: string) => void;

export interface Benchmark {
  /** One line for the list. */
  readonly summary: string;
  run(progress: Progress): Promise<Report>;
}
