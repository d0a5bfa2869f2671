// A second opinion: the openssl command judges the same paths.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePem } from '@vcc-pki/asn1';
import {
  encodeBasicConstraints,
  encodeCertificatePolicies,
  encodeDeltaCRLIndicator,
  encodeExtKeyUsage,
  encodeFreshestCRL,
  encodeKeyUsage,
  encodeNameConstraints,
  encodePolicyConstraints,
  encodeSubjectAltName,
  keyPurposeId,
  PathError,
} from '@vcc-pki/x509';
import { OpensslFolder } from './support/openssl.ts';
import { type TestRequest, verify } from './support/path.ts';
import { dns, nameOf, now, serialOf, TestCa } from './support/test-ca.ts';

const root = TestCa.root();
const ica = root.issueCa('ICA');
const leaf = ica.issue();
const base = { leaf, intermediates: [ica], anchors: [root] };
const revoked = [{ serialNumber: serialOf(leaf), revokedAt: now - 5000 }];
const withCrls = { ...base, crls: [root.crl(), ica.crl()], revocation: 'require' } as const;

const freshestCRL = encodeFreshestCRL([
  { distributionPoint: { type: 'fullName', names: [{ type: 'uniformResourceIdentifier', value: 'http://d' }] } },
]);
const complete = ica.crl({ number: 5, extensions: { freshestCRL } });
const delta = (entries: typeof revoked): Uint8Array =>
  ica.crl({ number: 6, entries, extensions: { deltaCRLIndicator: encodeDeltaCRLIndicator(5) } });

function below(extensions: object, leafExtensions: object = {}): TestRequest {
  const ca = root.issueCa('CA', { extensions });
  return { leaf: ca.issue({ extensions: leafExtensions }), intermediates: [ca], anchors: [root] };
}

const nameConstraints = encodeNameConstraints({ permittedSubtrees: dns('vcc.local'), excludedSubtrees: [] });
const policyConstraints = encodePolicyConstraints({ requireExplicitPolicy: 0 });
const certificatePolicies = encodeCertificatePolicies([{ policyIdentifier: '1.2.3', policyQualifiers: [] }]);
const short = root.issueCa('Short', {
  extensions: { basicConstraints: encodeBasicConstraints({ cA: true, pathLenConstraint: 0 }) },
});
const tooDeep = short.issueCa('Deep');
const renewed = short.issueCa('Short');

// Without -policy openssl takes the user's set for empty.
const askForPolicies = ['-policy_check', '-policy', '1.2.3'];

/** The request, what openssl is to be told beside it, and whether the path holds. */
const cases: Readonly<Record<string, readonly [TestRequest, readonly string[], boolean]>> = {
  plain: [base, [], true],
  'no intermediate': [{ ...base, intermediates: [] }, [], false],
  expired: [{ ...base, leaf: ica.issue({ notAfter: now - 5000 }) }, [], false],
  'not yet valid': [{ ...base, leaf: ica.issue({ notBefore: now + 5000 }) }, [], false],
  'good by CRL': [withCrls, [], true],
  'no CRL': [{ ...withCrls, crls: [root.crl()] }, [], false],
  'stale CRL': [{ ...withCrls, crls: [root.crl(), ica.crl({ nextUpdate: now - 5000 })] }, [], false],
  revoked: [{ ...withCrls, crls: [root.crl(), ica.crl({ entries: revoked })] }, [], false],
  'delta CRL adds nothing': [
    { ...withCrls, crls: [root.crl(), complete, delta([])] },
    ['-use_deltas', '-extended_crl'],
    true,
  ],
  'delta CRL revokes': [
    { ...withCrls, crls: [root.crl(), complete, delta(revoked)] },
    ['-use_deltas', '-extended_crl'],
    false,
  ],
  'right purpose': [{ ...base, purpose: 'serverAuth' }, ['-purpose', 'sslserver'], true],
  'wrong purpose': [
    {
      ...base,
      purpose: 'serverAuth',
      leaf: ica.issue({ extensions: { extKeyUsage: encodeExtKeyUsage([keyPurposeId.clientAuth]) } }),
    },
    ['-purpose', 'sslserver'],
    false,
  ],
  'right name': [{ ...base, serverName: 'leaf.vcc.local' }, ['-verify_hostname', 'leaf.vcc.local'], true],
  'wrong name': [{ ...base, serverName: 'other.vcc.local' }, ['-verify_hostname', 'other.vcc.local'], false],
  'permitted name': [below({ nameConstraints }), [], true],
  'name that is not permitted': [
    below({ nameConstraints }, { subjectAltName: encodeSubjectAltName(dns('evil.example')) }),
    [],
    false,
  ],
  'no keyCertSign': [below({ keyUsage: encodeKeyUsage(['cRLSign']) }), [], false],
  'no CA': [below({ basicConstraints: encodeBasicConstraints({ cA: false }), keyUsage: null }), [], false],
  'policy where one is required': [
    below({ certificatePolicies, policyConstraints }, { certificatePolicies }),
    askForPolicies,
    true,
  ],
  'no policy where one is required': [below({ certificatePolicies, policyConstraints }), askForPolicies, false],
  'too many CAs': [{ leaf: tooDeep.issue(), intermediates: [short, tooDeep], anchors: [root] }, [], false],
  'a self-issued CA does not count': [
    { leaf: renewed.issue(), intermediates: [short, renewed], anchors: [root] },
    [],
    true,
  ],
  'a name in other case and spacing': [{ ...base, leaf: ica.issue({ issuer: nameOf(' iCA ') }) }, [], true],
};

function opinionOf(request: TestRequest, options: readonly string[]): boolean {
  using folder = new OpensslFolder();
  const write = (name: string, label: string, ders: readonly Uint8Array[]): string =>
    folder.write(name, ders.map((der) => encodePem(label, der)).join(''));
  const der = ({ der }: { der: Uint8Array }): Uint8Array => der;
  write('anchors.pem', 'CERTIFICATE', request.anchors.map(der));
  write('leaf.pem', 'CERTIFICATE', [request.leaf.der]);
  const args = ['-attime', String(now / 1000), '-CAfile', 'anchors.pem', ...options];
  const { intermediates = [], crls } = request;
  if (intermediates.length > 0) args.push('-untrusted', write('pool.pem', 'CERTIFICATE', intermediates.map(der)));
  if (crls) args.push('-crl_check_all', '-CRLfile', write('crls.pem', 'X509 CRL', [...crls]));
  try {
    return folder.run('verify', ...args, 'leaf.pem').includes('OK');
  } catch (error) {
    assert.match(String((error as { stderr?: unknown }).stderr), /verification failed/);
    return false;
  }
}

for (const [name, [request, options, holds]] of Object.entries(cases)) {
  test(`${name}: ${holds ? 'holds' : 'refused'}, and openssl agrees`, async () => {
    const ours = await verify(request).then(
      () => true,
      (error: unknown) => {
        if (error instanceof PathError) return false;
        throw error;
      },
    );
    assert.equal(ours, holds);
    assert.equal(opinionOf(request, options), holds, 'openssl');
  });
}
