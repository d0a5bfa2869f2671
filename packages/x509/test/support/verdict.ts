import { type CertificationPathRequest, PathError, type VerifiedPath, verifyCertificationPath } from '@vcc-pki/x509';

/** The path, or the PathError that refuses it; any other error is thrown on. */
export function verdictOf(request: CertificationPathRequest): Promise<VerifiedPath | PathError> {
  return verifyCertificationPath(request).catch((error: unknown) => {
    if (error instanceof PathError) return error;
    throw error;
  });
}
