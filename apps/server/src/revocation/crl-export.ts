import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodePem, toHex } from '@vcc-pki/asn1';
import { writeFileAtomically } from '@vcc-pki/signer';
import { type Certificate, keyIdentifier } from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import type { ServedCrl, ServedCrls } from './served-crls.ts';

export interface CrlExportOptions {
  /** Made when absent. */
  readonly folder: string;
  readonly issuer: Issuer;
  readonly served: ServedCrls;
  /** Told when a file could not be written; the one that is there stays, and it is tried again. */
  readonly onFailure: (path: string, error: unknown) => void;
}

/** Between a failure and the next try. */
const retryMs = 5_000;

/**
 * Writes every CRL that is served, and the CA certificates, into a folder, under the paths that they have below
 * `public_url`: for a web server or an object store that answers relying parties while this server does not. A reader
 * finds each file whole, the old one or the new one.
 */
export class CrlExport {
  readonly #options: CrlExportOptions;
  /** What is to be written, the newest of each path. */
  readonly #waiting = new Map<string, Uint8Array | string>();
  /** What could not be written, until the next try or until there is something newer. */
  readonly #failed = new Map<string, Uint8Array | string>();
  #writing: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: CrlExportOptions) {
    this.#options = options;
  }

  /** Writes the CA certificates, and from now on each CRL that is served; call it once, before any is. */
  start(): void {
    const { issuer, served } = this.#options;
    for (const certificate of [issuer.certificate, issuer.rootCertificate]) {
      this.#write(`ca/${idOf(certificate)}.cer`, certificate.der);
    }
    this.#write('ca/root.pem', encodePem('CERTIFICATE', issuer.rootCertificate.der));
    served.onReplaced((crl) => this.#write(pathOf(crl), crl.der));
  }

  /** Waits until everything is written, or has failed. */
  async close(): Promise<void> {
    await this.#writing;
    clearTimeout(this.#retry);
  }

  #write(path: string, contents: Uint8Array | string): void {
    this.#failed.delete(path);
    this.#waiting.set(path, contents);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      const [path, contents] = next;
      try {
        await this.#writeFile(path, contents);
      } catch (error) {
        if (!this.#waiting.has(path)) this.#failed.set(path, contents);
        this.#options.onFailure(path, error);
      }
    }
    if (this.#failed.size > 0) this.#tryAgain();
  }

  #take(): [string, Uint8Array | string] | undefined {
    const [first] = this.#waiting;
    if (first !== undefined) this.#waiting.delete(first[0]);
    return first;
  }

  async #writeFile(name: string, contents: Uint8Array | string): Promise<void> {
    const path = join(this.#options.folder, ...name.split('/'));
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomically({ path, contents, mode: 0o644, overwrite: 'replace' });
  }

  #tryAgain(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      for (const [path, contents] of this.#failed) this.#write(path, contents);
    }, retryMs);
    this.#retry.unref();
  }
}

function idOf({ subjectPublicKeyInfo }: Certificate): string {
  return toHex(keyIdentifier(subjectPublicKeyInfo.der));
}

function pathOf({ issuerId, scope }: ServedCrl): string {
  return scope === 'full' ? `crl/${issuerId}.crl` : `crl/${issuerId}/${scope}.crl`;
}
