import { runJson, type Surroundings } from './run-cli.ts';

/** One thing of `vcc-pki inspect --json`, as far as tests look at it by name. */
export interface InspectedItem {
  readonly kind: string;
  readonly subject?: string;
  readonly error?: { readonly code: string; readonly detail: string };
  readonly extensions?: readonly { readonly id: string; readonly name: string | null; readonly value?: unknown }[];
  readonly entries?: readonly Readonly<Record<string, unknown>>[];
  readonly requests?: readonly Readonly<Record<string, unknown>>[];
  readonly responses?: readonly Readonly<Record<string, unknown>>[];
  readonly findings?: readonly {
    readonly ruleId: string;
    readonly severity: 'error' | 'warn';
    readonly message: string;
  }[];
  readonly [member: string]: unknown;
}

/** What `vcc-pki inspect --json` prints. */
export interface InspectDocument {
  /** When there are errors. */
  readonly code?: string;
  readonly items: readonly InspectedItem[];
}

/** Runs `vcc-pki inspect … --json`. */
export function inspectJson(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<{ code: number; json: InspectDocument }> {
  return runJson<InspectDocument>(['inspect', ...args], surroundings);
}
