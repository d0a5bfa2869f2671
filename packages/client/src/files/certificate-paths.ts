import { basename, dirname, join } from 'node:path';

/** Where the files of one certificate are, as every program of the house expects them. */
export interface CertificatePaths {
  /** The certificate alone, PEM. */
  readonly cert: string;
  /** Its private key, PKCS #8 PEM, 0600. */
  readonly key: string;
  /** The certificate and its issuers without the root, leaf first (RFC 8446 s4.4.2): what a TLS server or client sends. */
  readonly fullchain: string;
  /** The root: what a TLS server or client trusts. */
  readonly rootCa: string;
  /** What the server said about the certificate, JSON. */
  readonly metadata: string;
}

/** The paths in a folder of their own: `<folder>/cert.pem` and so on, as `vcc-pki create-certificate` lays them out. */
export function certificatePaths(folder: string): CertificatePaths {
  return {
    cert: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
    fullchain: join(folder, 'fullchain.pem'),
    rootCa: join(folder, 'root-ca.pem'),
    metadata: join(folder, 'metadata.json'),
  };
}

/** The paths beside a certificate and a key that were named one by one. */
export function pathsBeside(named: Pick<CertificatePaths, 'cert' | 'key' | 'rootCa'>): CertificatePaths {
  const folder = dirname(named.cert);
  const isUsual = basename(named.cert) === 'cert.pem';
  const name = basename(named.cert).replace(/\.[^.]*$/, '');
  return {
    ...named,
    fullchain: join(folder, isUsual ? 'fullchain.pem' : `${name}-fullchain.pem`),
    metadata: join(folder, isUsual ? 'metadata.json' : `${name}-metadata.json`),
  };
}

/** The paths of the pair before, one generation, in `previous/` beside each file. */
export function previousPaths(paths: CertificatePaths): CertificatePaths {
  const before = (path: string) => join(dirname(path), 'previous', basename(path));
  return {
    cert: before(paths.cert),
    key: before(paths.key),
    fullchain: before(paths.fullchain),
    rootCa: before(paths.rootCa),
    metadata: before(paths.metadata),
  };
}

/** The path of the pending request: beside the key, for it holds one. */
export function pendingPath({ key }: CertificatePaths): string {
  const suffix = basename(key) === 'key.pem' ? '' : `-${basename(key)}`;
  return join(dirname(key), `.pending-request${suffix}.json`);
}
