import { DerError } from './der-error.ts';

/**
 * Decodes the content of a UTCTime in the only form RFC 5280 s4.1.2.5.1 allows, `YYMMDDHHMMSSZ`; years 50 to 99 are 19xx.
 * @returns milliseconds since the epoch.
 * @throws {@link DerError} `invalidValue`
 */
export function decodeUtcTime(content: Uint8Array, offset = 0): number {
  const yy = content.length === 13 ? digits(content, 0, 2) : Number.NaN;
  return decodeTime(content, { year: yy >= 50 ? 1900 + yy : 2000 + yy, monthAt: 2, offset });
}

/**
 * Decodes the content of a GeneralizedTime in the only form RFC 5280 s4.1.2.5.2 allows, `YYYYMMDDHHMMSSZ`.
 * @returns milliseconds since the epoch.
 * @throws {@link DerError} `invalidValue`
 */
export function decodeGeneralizedTime(content: Uint8Array, offset = 0): number {
  const year = content.length === 15 ? digits(content, 0, 4) : Number.NaN;
  return decodeTime(content, { year, monthAt: 4, offset });
}

function decodeTime(content: Uint8Array, at: { year: number; monthAt: number; offset: number }): number {
  const { year, monthAt, offset } = at;
  const month = digits(content, monthAt, 2);
  const day = digits(content, monthAt + 2, 2);
  const hour = digits(content, monthAt + 4, 2);
  const minute = digits(content, monthAt + 6, 2);
  const second = digits(content, monthAt + 8, 2);
  // Written so that NaN, which stands for what is no digit, is refused too.
  const isReal =
    year >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(month, year) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59;
  if (!isReal || content[content.length - 1] !== 0x5a) {
    throw new DerError('invalidValue', 'not a time in the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ', offset);
  }
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; 400 years are a whole number of days and of leap years.
  return Date.UTC(year + 400, month - 1, day, hour, minute, second) - millisecondsIn400Years;
}

const millisecondsIn400Years = 146_097 * 86_400_000;

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** @param month 1 to 12 */
function daysIn(month: number, year: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (daysInMonth[month - 1] as number);
}

/** The number that `count` ASCII digits stand for, or NaN. */
function digits(content: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = (content[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * The content octets of a GeneralizedTime of whole seconds, `YYYYMMDDHHMMSSZ`; without the first two those of a UTCTime.
 * Digit by digit: every certificate and every OCSP answer has two or three.
 * @param timeMs milliseconds since the epoch; fractions of a second are cut off.
 * @throws RangeError for years outside 0 to 9999.
 */
export function generalizedTimeContent(timeMs: number): Uint8Array {
  const time = new Date(timeMs);
  const year = time.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new RangeError(`the year ${year} cannot be encoded`);
  const content = new Uint8Array(15);
  writePair(content, 0, Math.floor(year / 100));
  writePair(content, 2, year % 100);
  writePair(content, 4, time.getUTCMonth() + 1);
  writePair(content, 6, time.getUTCDate());
  writePair(content, 8, time.getUTCHours());
  writePair(content, 10, time.getUTCMinutes());
  writePair(content, 12, time.getUTCSeconds());
  content[14] = 0x5a;
  return content;
}

/** Writes a number below 100 as two ASCII digits. */
function writePair(content: Uint8Array, at: number, value: number): void {
  content[at] = 0x30 + Math.floor(value / 10);
  content[at + 1] = 0x30 + (value % 10);
}
