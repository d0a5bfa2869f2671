/** Something whose end others wait for: a test, or a whole file. A test's context is one. */
export interface Lifetime {
  after(cleanUp: () => unknown): void;
}
