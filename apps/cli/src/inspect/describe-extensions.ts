import { DerError, toHex } from '@vcc-pki/asn1';
import type { Extension } from '@vcc-pki/x509';
import { decodeInWords } from './extension-words.ts';
import { toJsonValue } from './json-value.ts';
import { extensionName } from './oid-names.ts';

/** One extension, told to people and to programs. */
export interface ExtensionDescription {
  /** RFC name, or the OID. */
  readonly name: string;
  readonly critical: boolean;
  readonly lines: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
}

/** Most octets of a value that is not understood to show in text; JSON has them all. */
const mostOctetsShown = 32;

/** Tells what extensions say, each by its RFC name where it has one. */
export function describeExtensions(extensions: readonly Extension[]): ExtensionDescription[] {
  return extensions.map(describeExtension);
}

function describeExtension({ id, critical, value }: Extension): ExtensionDescription {
  const name = extensionName(id);
  const { lines, members } = describeValue({ id, critical, value });
  const json = { id, name: name ?? null, critical, ...members };
  return { name: name ?? id, critical, lines, json };
}

function describeValue({ id, value }: Extension): {
  lines: readonly string[];
  members: Readonly<Record<string, unknown>>;
} {
  try {
    const decoded = decodeInWords(id, value);
    if (decoded === undefined) return { lines: [octetsText(value)], members: { octets: toHex(value) } };
    return { lines: decoded.lines, members: { value: toJsonValue(decoded.value) } };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return { lines: [`malformed: ${error.message}`], members: { octets: toHex(value), error: error.message } };
  }
}

function octetsText(value: Uint8Array): string {
  const shown = toHex(value.subarray(0, mostOctetsShown));
  return `${value.length} octets: ${shown}${value.length > mostOctetsShown ? '…' : ''}`;
}
