import { contextPrimitive, type Oid } from '@vcc-pki/asn1';
import { readEach } from '../elements.ts';
import type { ExtensionType } from '../extension.ts';

/** RFC 5280 s4.2.1.4: the policies; their qualifiers are not looked at. */
export const certificatePolicies: ExtensionType<readonly Oid[]> = {
  oid: '2.5.29.32',
  decode: (value) =>
    readEach(value.readSequence(), (policies) => {
      const reader = policies.readSequence();
      const policy = reader.readOid();
      if (!reader.atEnd) reader.readSequence();
      reader.end();
      return policy;
    }),
};

/** RFC 5280 s4.2.1.5: pairs of the issuer's and the subject's policy. */
export const policyMappings: ExtensionType<readonly (readonly [Oid, Oid])[]> = {
  oid: '2.5.29.33',
  decode: (value) =>
    readEach(value.readSequence(), (mappings) => {
      const reader = mappings.readSequence();
      const pair = [reader.readOid(), reader.readOid()] as const;
      reader.end();
      return pair;
    }),
};

/** RFC 5280 s4.2.1.11: how many of its two fields are there. */
export const policyConstraints: ExtensionType<number> = {
  oid: '2.5.29.36',
  decode(value) {
    const reader = value.readSequence();
    const fields = [reader.readOptional(contextPrimitive(0)), reader.readOptional(contextPrimitive(1))];
    reader.end();
    return fields.filter((field) => field !== undefined).length;
  },
};

/** RFC 5280 s4.2.1.14: the number of certificates that may still use anyPolicy. */
export const inhibitAnyPolicy: ExtensionType<number> = {
  oid: '2.5.29.54',
  decode: (value) => value.readSmallInteger(0, 2 ** 31 - 1),
};
