import { type Der, DerError, type DerReader, encodeElement, fromHex, integerContent, Tag, toHex } from '@vcc-pki/asn1';
import { X509Error } from './x509-error.ts';

/**
 * A certificate's serial number: the content octets of its INTEGER, so one with the top bit set begins with a zero octet.
 * RFC 5280 s4.1.2.2: positive, at most 20 octets. Read ones may be zero or negative, as that section asks of readers.
 */
export type SerialNumber = Uint8Array;

/** RFC 5280 s4.1.2.2 */
export const maxSerialOctets = 20;

/** Reads the next INTEGER (or a context tag in its place) as a serial number. @throws {@link DerError} `outOfRange` over 20 octets. */
export function readSerialNumber(reader: DerReader, tag?: number): SerialNumber {
  const offset = reader.offset;
  const content = reader.readIntegerBytes(tag);
  if (content.length > maxSerialOctets)
    throw new DerError('outOfRange', 'a serial number of more than 20 octets', offset);
  return content;
}

/**
 * A serial number from the octets of an unsigned number, for example from random ones.
 * @throws {@link X509Error} `badSerialNumber` when it is zero or longer than 20 octets with its sign.
 */
export function serialFromOctets(octets: Uint8Array): SerialNumber {
  const first = octets.findIndex((octet) => octet !== 0);
  if (first < 0) throw new X509Error('badSerialNumber', 'a serial number is positive (RFC 5280 s4.1.2.2)');
  const digits = octets.subarray(first);
  const content = (digits[0] as number) >= 0x80 ? Uint8Array.of(0, ...digits) : digits.slice();
  if (content.length > maxSerialOctets) throw new X509Error('badSerialNumber', 'a serial number has at most 20 octets');
  return content;
}

/**
 * A serial number from hexadecimal, upper or lower case, with or without `0x`, colons between octets and leading zeros.
 * @throws {@link X509Error} `badSerialNumber`
 */
export function serialFromHex(text: string): SerialNumber {
  const match = /^(?:0x)?([0-9a-f]{1,64}|[0-9a-f]{2}(?::[0-9a-f]{2}){1,31})$/i.exec(text);
  if (match === null) throw new X509Error('badSerialNumber', 'not a serial number in hexadecimal');
  const digits = (match[1] as string).replaceAll(':', '');
  return serialFromOctets(fromHex(digits.length % 2 === 0 ? digits : `0${digits}`));
}

/** A serial number from decimal digits. @throws {@link X509Error} `badSerialNumber` */
export function serialFromDecimal(text: string): SerialNumber {
  // 20 octets have at most 49 decimal digits.
  if (!/^[0-9]{1,49}$/.test(text)) throw new X509Error('badSerialNumber', 'not a serial number in decimal');
  return serialFromOctets(integerContent(BigInt(text)));
}

/** Encodes a serial number, held to what RFC 5280 s4.1.2.2 asks of writers. @throws RangeError */
export function encodeSerialNumber(serialNumber: SerialNumber): Der {
  const [first, second] = serialNumber;
  const isPadded = first === 0 && (second ?? 0) < 0x80;
  if (first === undefined || first >= 0x80 || isPadded || serialNumber.length > maxSerialOctets) {
    throw new RangeError('a serial number is positive, in shortest form, of at most 20 octets (RFC 5280 s4.1.2.2)');
  }
  return encodeElement(Tag.integer, serialNumber);
}

/** The canonical text: lower-case hexadecimal without leading zero octets; a minus sign before a negative one. */
export function serialToHex(serial: SerialNumber): string {
  if ((serial[0] ?? 0) >= 0x80) {
    const digits = (-BigInt.asIntN(serial.length * 8, BigInt(`0x${toHex(serial)}`))).toString(16);
    return `-${digits.length % 2 === 0 ? digits : `0${digits}`}`;
  }
  return toHex(serial.length > 1 && serial[0] === 0 ? serial.subarray(1) : serial);
}

/** Decimal digits of a serial number. */
export function serialToDecimal(serial: SerialNumber): string {
  return BigInt.asIntN(serial.length * 8, BigInt(`0x${toHex(serial)}`)).toString();
}
