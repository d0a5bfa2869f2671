import { KeyError } from '../key-error.ts';
import { parseFixedHeader, tagBytes } from './record-header.ts';
import { suites } from './suites.ts';

/**
 * Whether octets are a record of this format: magic, version, suite and flags fit, and nothing is cut off. Whether they also
 * decrypt only the key can tell.
 *
 * @param knowsLine whether there is a line of this number; random octets pass for a record once in 2^26 without it
 */
export function isRecord(octets: Uint8Array, knowsLine: (lineId: number) => boolean = () => true): boolean {
  try {
    const { suite, hasGroup, isSealed, lineId } = parseFixedHeader(octets);
    const { nonceBytes, commitmentBytes } = suites[suite];
    const shortest = 12 + (hasGroup ? 4 : 0) + (isSealed ? 16 : 0) + nonceBytes + commitmentBytes + tagBytes;
    return octets.length >= shortest && knowsLine(lineId);
  } catch (error) {
    if (error instanceof KeyError) return false;
    throw error;
  }
}

/** {@link isRecord} for a text: a record as base64 or base64url, as a store of texts holds it. */
export function isRecordText(text: string, knowsLine?: (lineId: number) => boolean): boolean {
  // 0xfa 0x01 in either alphabet.
  return /^[+-]gE[\w+/-]+={0,2}$/.test(text) && isRecord(Buffer.from(text, 'base64'), knowsLine);
}
