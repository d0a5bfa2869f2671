import { DerError } from '@vcc-pki/asn1';
import { accessMethod, type Certificate, decodeExtension, extensionId, parseAuthorityInfoAccess } from '@vcc-pki/x509';

/** Where a certificate says that its issuer's is (RFC 5280 s4.2.2.1). Nothing is fetched from there. */
export function issuerAddresses({ extensions }: Certificate): string[] {
  try {
    const descriptions = decodeExtension(extensions, extensionId.authorityInfoAccess, parseAuthorityInfoAccess) ?? [];
    return descriptions.flatMap(({ accessMethod: method, accessLocation }) =>
      method === accessMethod.caIssuers && accessLocation.type === 'uniformResourceIdentifier'
        ? [accessLocation.value]
        : [],
    );
  } catch (error) {
    // The judge tells that the extension is malformed; here it is as if it were absent.
    if (error instanceof DerError) return [];
    throw error;
  }
}
