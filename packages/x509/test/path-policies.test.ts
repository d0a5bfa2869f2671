// Certificate policies (RFC 5280 s6.1 with RFC 9618) beyond what PKITS has: what an exponential tree would die of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anyPolicy,
  encodeCertificatePolicies,
  encodeInhibitAnyPolicy,
  encodePolicyConstraints,
  encodePolicyMappings,
} from '@vcc-pki/x509';
import { assertRefused, verify } from './support/path.ts';
import { TestCa } from './support/test-ca.ts';

const policies = (...oids: readonly string[]) =>
  encodeCertificatePolicies(oids.map((policyIdentifier) => ({ policyIdentifier, policyQualifiers: [] })));
const mappings = (...pairs: readonly (readonly [string, string])[]) =>
  encodePolicyMappings(
    pairs.map(([issuerDomainPolicy, subjectDomainPolicy]) => ({ issuerDomainPolicy, subjectDomainPolicy })),
  );
const oid = (n: number): string => `1.2.3.${n}`;
const root = TestCa.root();

test('the user-constrained policy set is what both the path and the user allow', async () => {
  const ca = root.issueCa('CA', { extensions: { certificatePolicies: policies(oid(1), oid(2), oid(3)) } });
  const leaf = ca.issue({ extensions: { certificatePolicies: policies(oid(2), oid(3), oid(4)) } });
  const request = { leaf, intermediates: [ca], anchors: [root] };
  const set = async (initialPolicySet?: readonly string[]): Promise<readonly string[]> => {
    const path = await verify({ ...request, policies: initialPolicySet ? { initialPolicySet } : {} });
    return [...path.policies].sort();
  };
  assert.deepEqual(await set(), [oid(2), oid(3)]);
  assert.deepEqual(await set([anyPolicy]), [oid(2), oid(3)]);
  assert.deepEqual(await set([oid(3), oid(9)]), [oid(3)]);
  assert.deepEqual(await set([oid(9)]), []);
  const strict = { initialPolicySet: [oid(9)], requireExplicitPolicy: true };
  await assertRefused({ ...request, policies: strict }, 'policyNotAcceptable', 0);
});

test('anyPolicy stands for all, until it is inhibited', async () => {
  const any = { certificatePolicies: policies(anyPolicy) };
  const ca = root.issueCa('CA', { extensions: any });
  const request = { leaf: ca.issue({ extensions: any }), intermediates: [ca], anchors: [root] };
  assert.deepEqual((await verify(request)).policies, [anyPolicy]);
  const chosen = await verify({ ...request, policies: { initialPolicySet: [oid(1)], requireExplicitPolicy: true } });
  assert.deepEqual(chosen.policies, [oid(1)]);
  const inhibited = { inhibitAnyPolicy: true, requireExplicitPolicy: true };
  await assertRefused({ ...request, policies: inhibited }, 'policyNotAcceptable', 1);
  const inhibiting = root.issueCa('CA', { extensions: { ...any, inhibitAnyPolicy: encodeInhibitAnyPolicy(0) } });
  const below = { leaf: inhibiting.issue({ extensions: any }), intermediates: [inhibiting], anchors: [root] };
  assert.deepEqual((await verify(below)).policies, []);
  await assertRefused({ ...below, policies: { requireExplicitPolicy: true } }, 'policyNotAcceptable', 0);
});

test('mappings lead from the issuer’s policy to the subject’s, and anyPolicy makes new ones', async () => {
  const ca = root.issueCa('CA', {
    extensions: {
      certificatePolicies: policies(oid(1), anyPolicy),
      policyMappings: mappings([oid(1), oid(11)], [oid(2), oid(12)]),
    },
  });
  const leaf = ca.issue({ extensions: { certificatePolicies: policies(oid(11), oid(12), oid(2)) } });
  const request = { leaf, intermediates: [ca], anchors: [root] };
  assert.deepEqual([...(await verify(request)).policies].sort(), [oid(1), oid(2)]);
  const inhibited = await verify({ ...request, policies: { inhibitPolicyMapping: true } });
  // Mapped policies are dropped; anyPolicy still covers what the end entity names.
  assert.deepEqual([...inhibited.policies].sort(), [oid(11), oid(12), oid(2)].sort());
});

test('an end entity can demand a policy for itself', async () => {
  const extensions = { policyConstraints: encodePolicyConstraints({ requireExplicitPolicy: 0 }) };
  await assertRefused({ leaf: root.issue({ extensions }), anchors: [root] }, 'policyNotAcceptable', 0);
  const named = { ...extensions, certificatePolicies: policies(oid(1)) };
  assert.deepEqual((await verify({ leaf: root.issue({ extensions: named }), anchors: [root] })).policies, [oid(1)]);
});

test('mappings of all to all, layer over layer, stay polynomial and within maxPolicyEdges', async () => {
  // RFC 9618 s3.1: with the tree of RFC 5280 this is 12^8 nodes.
  const width = 12;
  const depth = 8;
  const layer = (n: number): string[] => Array.from({ length: width }, (_, i) => `1.2.${n}.${i + 1}`);
  const chain = [root];
  for (let n = 0; n < depth; n++) {
    const pairs = layer(n).flatMap((from) => layer(n + 1).map((to) => [from, to] as const));
    const extensions = { certificatePolicies: policies(...layer(n)), policyMappings: mappings(...pairs) };
    chain.push(chain.at(-1)!.issueCa(`Layer ${n}`, { extensions }));
  }
  const leaf = chain.at(-1)!.issue({ extensions: { certificatePolicies: policies(...layer(depth)) } });
  const request = { leaf, intermediates: chain.slice(1), anchors: [root] };
  const limits = { maxPolicyEdges: 2 * width * width * depth };
  assert.deepEqual([...(await verify({ ...request, limits })).policies].sort(), layer(0).sort());
  await assertRefused({ ...request, limits: { maxPolicyEdges: width * width } }, 'limitExceeded');
});
