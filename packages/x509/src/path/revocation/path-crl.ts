import { DerError, type Oid } from '@vcc-pki/asn1';
import { type CertificateRevocationList, parseCertificateList } from '../../certificate-list.ts';
import { decodeExtension, findExtension } from '../../extension.ts';
import { extensionId } from '../../extension-id.ts';
import { parseAuthorityKeyIdentifier } from '../../extensions/authority-key-identifier.ts';
import { parseCRLNumber } from '../../extensions/crl-number.ts';
import { parseDeltaCRLIndicator } from '../../extensions/delta-crl-indicator.ts';
import {
  type IssuingDistributionPoint,
  parseIssuingDistributionPoint,
} from '../../extensions/issuing-distribution-point.ts';
import { X509Error } from '../../x509-error.ts';
import type { Conformance } from '../check-profile.ts';
import { type NameKey, nameKey } from '../names/name-key.ts';

/** Extensions of CRLs that are processed, or that say nothing about which certificates are revoked (RFC 5280 s5.2). */
const knownExtensions: ReadonlySet<Oid> = new Set([
  extensionId.authorityKeyIdentifier,
  extensionId.issuerAltName,
  extensionId.deltaCRLIndicator,
  extensionId.issuingDistributionPoint,
]);

/** A CRL as revocation checking sees it. */
export class PathCrl {
  readonly list: CertificateRevocationList;
  readonly issuer: NameKey;
  readonly issuingDistributionPoint: IssuingDistributionPoint | undefined;
  readonly crlNumber: bigint | undefined;
  /** The BaseCRLNumber; set in delta CRLs only. */
  readonly baseCrlNumber: bigint | undefined;
  readonly keyIdentifier: Uint8Array | undefined;
  /** Why the CRL cannot be used whatever it is asked about; entries can bring a reason to light later. */
  fault: string | undefined;

  /** @throws {@link DerError}, {@link X509Error} */
  constructor(der: Uint8Array, conformance: Conformance) {
    this.list = parseCertificateList(der);
    const { extensions } = this.list;
    this.issuer = nameKey(this.list.issuer);
    this.issuingDistributionPoint = decodeExtension(
      extensions,
      extensionId.issuingDistributionPoint,
      parseIssuingDistributionPoint,
    );
    this.crlNumber = decodeExtension(extensions, extensionId.cRLNumber, parseCRLNumber);
    this.baseCrlNumber = decodeExtension(extensions, extensionId.deltaCRLIndicator, parseDeltaCRLIndicator);
    const authority = decodeExtension(extensions, extensionId.authorityKeyIdentifier, parseAuthorityKeyIdentifier);
    this.keyIdentifier = authority?.keyIdentifier;
    this.fault = this.#findFault(conformance);
  }

  /** True from thisUpdate up to the whole second of nextUpdate (RFC 5280 s5.1.2.4, s5.1.2.5). */
  isFresh(at: number): boolean {
    return this.hasBegun(at) && this.list.nextUpdate !== undefined && at < this.list.nextUpdate + 1000;
  }

  hasBegun(at: number): boolean {
    return this.list.thisUpdate <= at;
  }

  #findFault(conformance: Conformance): string | undefined {
    const { extensions, nextUpdate } = this.list;
    const unknown = extensions.find(({ id, critical }) => critical && !knownExtensions.has(id));
    // s5.2: not to be used; cRLNumber and what only tells where to look must not be critical either.
    if (unknown !== undefined) return `the critical extension ${unknown.id}`;
    if (nextUpdate === undefined) return 'nextUpdate is missing (s5.1.2.5)';
    if (conformance === 'profile' && findExtension(extensions, extensionId.cRLNumber) === undefined) {
      return 'cRLNumber is missing (s5.2.3)';
    }
    return undefined;
  }
}

/** The CRLs that can be parsed, and how many cannot: those say nothing about any certificate. */
export function parseCrls(
  ders: Iterable<Uint8Array>,
  conformance: Conformance,
): { readonly crls: PathCrl[]; readonly unreadable: number } {
  const crls: PathCrl[] = [];
  let unreadable = 0;
  for (const der of ders) {
    try {
      crls.push(new PathCrl(der, conformance));
    } catch (error) {
      if (!(error instanceof DerError || error instanceof X509Error)) throw error;
      unreadable++;
    }
  }
  return { crls, unreadable };
}
