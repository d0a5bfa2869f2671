import { type DerReader, Tag } from '@vcc-pki/asn1';

/** A `Time` and the type it is encoded as: `Tag.utcTime` or `Tag.generalizedTime`. */
export interface Time {
  readonly tag: number;
  /** Milliseconds since the epoch. */
  readonly ms: number;
}

export function readTime(reader: DerReader): Time {
  return { tag: reader.peekTag(), ms: reader.readTime() };
}

// 2050-01-01T00:00:00Z
const firstGeneralizedTimeMs = 2_524_608_000_000;

/** Whether `time` has the type that its year demands (RFC 5280 s4.1.2.5): UTCTime through 2049, GeneralizedTime from 2050. */
export function hasTypeOfItsYear(time: Time): boolean {
  return time.tag === (time.ms < firstGeneralizedTimeMs ? Tag.utcTime : Tag.generalizedTime);
}

/** RFC 3339, for messages. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
