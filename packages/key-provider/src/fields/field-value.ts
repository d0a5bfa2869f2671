/** Values that documents hold and that come back with their type. */
export type FieldValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | readonly FieldValue[]
  | { readonly [name: string]: FieldValue | undefined };

/** The first octet of an encoded value (docs/ciphertext-format.md, "Values"). */
const tags = {
  null: 0,
  false: 1,
  true: 2,
  number: 3,
  bigint: 4,
  text: 5,
  octets: 6,
  date: 7,
  list: 8,
  object: 9,
} as const;

/** Deeper values are refused before the stack is full. */
const maxDepth = 64;

/** The octets of a value with its type. @throws TypeError for what is no {@link FieldValue} */
export function encodeValue(value: unknown, depth = 0): Uint8Array {
  if (depth > maxDepth) throw new TypeError(`a value is nested deeper than ${maxDepth}, or holds itself`);
  if (value === null) return Uint8Array.of(tags.null);
  switch (typeof value) {
    case 'boolean':
      return Uint8Array.of(value ? tags.true : tags.false);
    case 'number':
      return tagged(tags.number, float64(value));
    case 'bigint':
      return tagged(tags.bigint, Buffer.from(value.toString(), 'latin1'));
    case 'string':
      return tagged(tags.text, encodeUtf8(value));
    case 'object':
      return encodeObject(value, depth);
    default:
      throw new TypeError(`a value of type ${typeof value} cannot be encrypted`);
  }
}

function encodeObject(value: object, depth: number): Uint8Array {
  if (value instanceof Uint8Array) return tagged(tags.octets, value);
  if (value instanceof Date) return tagged(tags.date, float64(value.getTime()));
  if (Array.isArray(value)) {
    return tagged(tags.list, ...value.flatMap((item: unknown) => lengthPrefixed(encodeValue(item, depth + 1))));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`a ${value.constructor.name} would not come back as one: convert it to a plain value before`);
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return tagged(
    tags.object,
    ...members.flatMap(([name, member]) => [
      ...lengthPrefixed(encodeUtf8(name)),
      ...lengthPrefixed(encodeValue(member, depth + 1)),
    ]),
  );
}

/** The value that {@link encodeValue} encoded. @throws RangeError for other octets, which a proven record never holds */
export function parseValue(octets: Uint8Array, depth = 0): FieldValue {
  const bytes = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  const rest = bytes.subarray(1);
  switch (bytes[0]) {
    case tags.null:
      return null;
    case tags.false:
      return false;
    case tags.true:
      return true;
    case tags.number:
      return rest.readDoubleBE();
    case tags.bigint:
      return BigInt(rest.toString('latin1'));
    case tags.text:
      return rest.toString('utf8');
    case tags.octets:
      return Uint8Array.from(rest);
    case tags.date:
      return new Date(rest.readDoubleBE());
    case tags.list:
      return parseItems(rest).map((item) => parseValue(item, depth + 1));
    case tags.object:
      return parseMembers(parseItems(rest), depth);
    default:
      throw new RangeError(
        'the octets are no encoded value: they were encrypted by encrypt and not by encryptDocument',
      );
  }
}

function parseMembers(items: readonly Buffer[], depth: number): FieldValue {
  const members: [string, FieldValue][] = [];
  for (let i = 0; i + 1 < items.length; i += 2) {
    const [name, member] = [items[i] as Buffer, items[i + 1] as Buffer];
    members.push([name.toString('utf8'), parseValue(member, depth + 1)]);
  }
  // Defines members, so that one named __proto__ is a member too.
  return Object.fromEntries(members);
}

function parseItems(octets: Buffer): Buffer[] {
  const items: Buffer[] = [];
  for (let offset = 0; offset < octets.length; ) {
    const length = octets.readUInt32BE(offset);
    items.push(octets.subarray(offset + 4, offset + 4 + length));
    offset += 4 + length;
  }
  return items;
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(tag), ...parts]);
}

function lengthPrefixed(octets: Uint8Array): Uint8Array[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(octets.length);
  return [length, octets];
}

function float64(value: number): Uint8Array {
  const octets = Buffer.alloc(8);
  octets.writeDoubleBE(value);
  return octets;
}

function encodeUtf8(text: string): Uint8Array {
  // A lone surrogate would come back as another text.
  if (!text.isWellFormed()) throw new TypeError('a text has a lone surrogate, which UTF-8 cannot hold');
  return Buffer.from(text, 'utf8');
}
