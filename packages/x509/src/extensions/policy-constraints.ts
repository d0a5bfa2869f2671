import {
  contextPrimitive,
  type Der,
  DerError,
  type DerReader,
  encodeImplicit,
  encodeSequence,
  integerContent,
} from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** After how many more certificates a rule takes effect (RFC 5280 s4.2.1.11); at least one is there. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
}

/** @throws {@link DerError} also when it is empty. */
export function parsePolicyConstraints(value: Uint8Array): PolicyConstraints {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    if (reader.atEnd) throw new DerError('invalidValue', 'empty policyConstraints (RFC 5280 s4.2.1.11)', 0);
    const requireExplicitPolicy = readSkipCerts(reader, 0);
    const inhibitPolicyMapping = readSkipCerts(reader, 1);
    reader.end();
    return {
      ...(requireExplicitPolicy !== undefined && { requireExplicitPolicy }),
      ...(inhibitPolicyMapping !== undefined && { inhibitPolicyMapping }),
    };
  });
}

function readSkipCerts(reader: DerReader, n: number): number | undefined {
  const tag = contextPrimitive(n);
  return reader.peekTag() === tag ? reader.readSmallInteger(0, 2 ** 31, tag) : undefined;
}

export function encodePolicyConstraints({ requireExplicitPolicy, inhibitPolicyMapping }: PolicyConstraints): Der {
  const parts: Der[] = [];
  if (requireExplicitPolicy !== undefined) parts.push(encodeImplicit(0, integerContent(BigInt(requireExplicitPolicy))));
  if (inhibitPolicyMapping !== undefined) parts.push(encodeImplicit(1, integerContent(BigInt(inhibitPolicyMapping))));
  if (parts.length === 0) throw new RangeError('policyConstraints constrain something (RFC 5280 s4.2.1.11)');
  return encodeSequence(...parts);
}
