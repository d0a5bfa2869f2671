import type { AlgorithmPolicy, CertificationPathRequest } from '@vcc-pki/x509';
import { readJsonVectors, readVectors } from './vectors.ts';

/** A case of NIST PKITS 1.0.1; files are paths below the vectors' folder `pkits`. */
export interface PkitsCase {
  readonly id: string;
  readonly name: string;
  readonly trustAnchor: string;
  readonly endEntity: string;
  readonly intermediates: readonly string[];
  readonly crls: readonly string[];
  readonly initialPolicySet: readonly string[];
  readonly initialExplicitPolicy: boolean;
  readonly initialPolicyMappingInhibit: boolean;
  readonly initialInhibitAnyPolicy: boolean;
  readonly userConstrainedPolicySet: readonly string[];
  readonly expected: 'valid' | 'invalid';
}

export interface PkitsManifest {
  /** The time for which the paths are verified. */
  readonly at: string;
  readonly tests: readonly PkitsCase[];
}

export function readPkits(): PkitsManifest {
  return readJsonVectors('pkits/manifest.json');
}

export interface PkitsInput {
  readonly at: string;
  readonly algorithms: AlgorithmPolicy;
  /** Default: the case's own. */
  readonly pool?: readonly string[];
  /** Reads a file of the suite; default: as it is. */
  readonly read?: (file: string) => Uint8Array;
}

export function pkitsRequest(one: PkitsCase, input: PkitsInput): CertificationPathRequest {
  const { at, algorithms, pool = one.intermediates, read = (file) => readVectors(`pkits/${file}`) } = input;
  return {
    endEntity: read(one.endEntity),
    intermediates: pool.map(read),
    trustAnchors: [read(one.trustAnchor)],
    crls: one.crls.map(read),
    at: Date.parse(at),
    revocation: 'require',
    algorithms,
    policies: {
      initialPolicySet: one.initialPolicySet,
      requireExplicitPolicy: one.initialExplicitPolicy,
      inhibitPolicyMapping: one.initialPolicyMappingInhibit,
      inhibitAnyPolicy: one.initialInhibitAnyPolicy,
    },
  };
}
