import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  DerError,
  DerReader,
  decodeOid,
  encodeBitString,
  encodeElement,
  encodeInteger,
  encodeNamedBits,
  encodeOid,
  encodeOidContent,
  encodePem,
  encodeSequence,
  encodeSetOf,
  encodeTime,
  fromHex,
  parsePem,
  toHex,
} from './index.ts';

const reader = (hex: string): DerReader => new DerReader(fromHex(hex.replaceAll(' ', '')));
const refuses = (code: string, read: () => unknown): void =>
  assert.throws(read, (error: unknown) => error instanceof DerError && error.code === code);

test('refuses BER that is not DER (X.690 s10, s11)', () => {
  refuses('invalidLength', () => reader('30 80 00 00').readSequence());
  refuses('invalidLength', () => reader('04 81 01 00').readOctetString());
  refuses('invalidLength', () => reader('04 82 00 81').readElement());
  refuses('invalidLength', () => reader('04 85 00 00 00 00 01 00').readElement());
  refuses('truncated', () => reader('04 05 00').readElement());
  refuses('truncated', () => reader('04').readElement());
  refuses('truncated', () => reader('04 82 01').readElement());
  refuses('truncated', () => reader('').readElement());
  refuses('invalidTag', () => reader('1f 81 01 00').readElement());
  refuses('invalidTag', () => reader('00 00').readElement());
  refuses('invalidValue', () => reader('01 01 01').readBoolean());
  refuses('invalidValue', () => reader('02 00').readIntegerBytes());
  refuses('invalidValue', () => reader('02 02 00 01').readIntegerBytes());
  refuses('invalidValue', () => reader('02 02 ff 80').readIntegerBytes());
  refuses('invalidValue', () => reader('03 02 01 01').readBitString());
  refuses('invalidValue', () => reader('03 01 01').readBitString());
  refuses('invalidValue', () => reader('03 02 08 00').readBitString());
  refuses('invalidValue', () => reader('03 02 04 10').readWholeBitString());
  refuses('invalidValue', () => reader('05 01 00').readNull());
  refuses('invalidValue', () => reader('06 01 80').readOid());
  refuses('invalidValue', () => reader('06 02 80 01').readOid());
  refuses('unexpectedTag', () => reader('04 00').readSequence());
  refuses('unexpectedTag', () => reader('04 00').readTime());
  refuses('trailingData', () => reader('05 00').end());
});

test('an error names the octet in the outermost buffer', () => {
  const inner = reader('30 05 02 01 05 01 00').readSequence();
  inner.readIntegerBytes();
  assert.throws(() => inner.readBoolean(), { offset: 7 });
});

test('a reader ends where its value ends, whatever follows in the buffer', () => {
  const inner = (): DerReader => reader('30 03 04 05 00 01 02 03 04 05').readSequence();
  refuses('truncated', () => inner().readElement());
  refuses('truncated', () => reader('30 01 04 01 00').readSequence().readElement());
  refuses('truncated', () => reader('30 02 04 82 00 80').readSequence().readElement());
  refuses('truncated', () => reader('30 00 05 00').readSequence().readNull());
  assert.equal(reader('30 00 05 00').readSequence().peekTag(), -1);
  assert.ok(reader('30 00 05 00').readSequence().atEnd);
});

test('an element knows its content, all of its octets and its place', () => {
  const element = new DerReader(fromHex('30040402aabb'), 100).readSequence().readElement();
  assert.equal(toHex(element.content), 'aabb');
  assert.equal(toHex(element.der), '0402aabb');
  assert.equal(element.offset, 104);
  assert.equal(element.tag, 0x04);
});

test('reads small integers within bounds', () => {
  assert.equal(reader('02 01 80').readSmallInteger(-128, 127), -128);
  assert.equal(reader('02 05 00 80 00 00 00').readSmallInteger(0, 2 ** 31), 2 ** 31);
  refuses('outOfRange', () => reader('02 01 80').readSmallInteger(0, 127));
  refuses('outOfRange', () => reader('02 06 01 00 00 00 00 00').readSmallInteger(0, 2 ** 31));
});

test('integers survive encoding and reading', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 170n), max: 2n ** 170n }), (value) => {
      const content = new DerReader(encodeInteger(value)).readIntegerBytes();
      assert.equal(BigInt.asIntN(content.length * 8, BigInt(`0x${toHex(content)}`)), value);
    }),
  );
});

test('object identifiers survive encoding and reading', () => {
  const arcs = fc.array(fc.bigInt({ min: 0n, max: 2n ** 80n }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.nat(2), fc.nat(39), arcs, (root, second, rest) => {
      const oid = [root, second, ...rest].join('.');
      fc.pre(encodeOidContent(oid).length <= 64);
      assert.equal(new DerReader(encodeOid(oid)).readOid(), oid);
    }),
  );
  assert.equal(decodeOid(fromHex('883703')), '2.999.3');
  for (const bad of ['', '1', '3.1', '1.40', '1.02', '1.2.', 'a.b']) {
    assert.throws(() => encodeOidContent(bad), RangeError, bad);
  }
});

test('times follow RFC 5280 s4.1.2.5', () => {
  const cases: [string, string][] = [
    ['1950-01-01T00:00:00Z', '170d3530303130313030303030305a'],
    ['2049-12-31T23:59:59Z', '170d3439313233313233353935395a'],
    ['2050-01-01T00:00:00Z', '180f32303530303130313030303030305a'],
  ];
  for (const [text, hex] of cases) {
    assert.equal(toHex(encodeTime(Date.parse(text))), hex);
    assert.equal(reader(hex).readTime(), Date.parse(text));
  }
  assert.throws(() => encodeTime(Date.parse('1949-12-31T00:00:00Z')), RangeError);
  for (const bad of [
    '990230000000Z',
    '991301000000Z',
    '990101240000Z',
    '990101000060Z',
    '9901010000Z',
    '990101000000+',
    'x90101000000Z',
  ]) {
    refuses('invalidValue', () => new DerReader(encodeElement(0x17, new TextEncoder().encode(bad))).readTime());
  }
});

test('bit strings of named bits have no trailing zeroes (X.690 s11.2.2)', () => {
  assert.equal(toHex(encodeNamedBits([0])), '03020780');
  assert.equal(toHex(encodeNamedBits([5, 6])), '03020106');
  assert.equal(toHex(encodeNamedBits([8])), '0303070080');
  assert.equal(toHex(encodeNamedBits([])), '030100');
  assert.equal(toHex(encodeBitString(fromHex('ff'))), '030200ff');
});

test('a SET OF is sorted (X.690 s11.6)', () => {
  assert.equal(toHex(encodeSetOf(encodeInteger(2), encodeInteger(1))), '3106020101020102');
});

test('long contents have the shortest length', () => {
  for (const length of [0, 127, 128, 255, 256, 65_535, 65_536]) {
    const der = encodeElement(0x04, new Uint8Array(length));
    assert.equal(new DerReader(der).readOctetString().length, length);
  }
});

test('random octets give a value or a DerError, never another error', () => {
  const readers: ((r: DerReader) => unknown)[] = [
    (r) => r.readElement(),
    (r) => r.readSequence().readElement(),
    (r) => r.readIntegerBytes(),
    (r) => r.readSmallInteger(0, 100),
    (r) => r.readOid(),
    (r) => r.readBitString(),
    (r) => r.readTime(),
    (r) => r.readBoolean(),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 3, 4, 5, 6, 0x17, 0x18, 0x30),
      fc.uint8Array({ maxLength: 40 }),
      (tag, content) => {
        for (const read of readers) {
          for (const bytes of [content, encodeElement(tag, content)]) {
            try {
              read(new DerReader(bytes));
            } catch (error) {
              assert.ok(error instanceof DerError);
            }
          }
        }
      },
    ),
  );
});

test('PEM survives encoding and reading, several blocks and text around them', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (ders) => {
      const text = ders.map((der) => `subject=/CN=x\n${encodePem('CERTIFICATE', der)}`).join('');
      assert.deepEqual(
        parsePem(text).map((block) => block.der),
        ders,
      );
    }),
  );
  refuses('truncated', () => parsePem('-----BEGIN X-----\nAAAA\n'));
  refuses('invalidValue', () => parsePem('-----BEGIN X-----\nAA=A\n-----END X-----'));
  refuses('invalidValue', () => parsePem('-----BEGIN X-----\nProc-Type: 4\n\nAAAA\n-----END X-----'));
});

test('a sequence holds its members in order', () => {
  assert.equal(toHex(encodeSequence(encodeInteger(1), encodeInteger(-1))), '30060201010201ff');
});
