import type { NonceSource } from '../ciphertext/nonce-source.ts';
import { fixedHeaderBytes, tagBytes } from '../ciphertext/record-header.ts';
import { ChunkCipher, chunkBytes, openChunks, openingEnd } from '../ciphertext/record-stream.ts';
import { suites } from '../ciphertext/suites.ts';
import { xaesNonceBytes } from '../ciphertext/xaes.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { FieldPlace } from './field-place.ts';
import type { FieldReader } from './field-reader.ts';
import type { FieldWriter } from './field-writer.ts';
import { type Lane, liveLane } from './lane.ts';

/** Octets that the longest header has before the nonce: fixed part, group epoch, `enc`. */
const longestHeader = fixedHeaderBytes + 4 + 32;

/** Encrypts a value of any size as it comes; see {@link FieldEncryption.encryptStream}. */
export async function* sealStream(
  writer: FieldWriter,
  nonces: NonceSource,
  place: FieldPlace,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const lane = writer.lane(place, 'stream');
  const nonce = Buffer.alloc(xaesNonceBytes);
  nonces.readClock();
  nonces.writeInto(nonce, 0);
  const cipher = new ChunkCipher(lane, nonce, lane.encoder.encode(place));
  lane.key.countEncryptions(1);
  const reader = new ChunkReader(source);
  try {
    let head: Uint8Array = Buffer.concat([lane.headerOctets, cipher.opening]);
    for (let last = false; !last; ) {
      const plaintext = await reader.read(chunkBytes);
      last = await reader.atEnd();
      checkUsable(lane);
      yield Buffer.concat([head, cipher.seal(plaintext, last)]);
      head = new Uint8Array(0);
    }
  } finally {
    cipher.erase();
    await reader.close();
  }
}

/** Decrypts what {@link sealStream} gave, chunk by proven chunk; see {@link FieldEncryption.decryptStream}. */
export async function* openStream(
  fields: FieldReader,
  place: FieldPlace,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reader = new ChunkReader(source);
  try {
    // Enough to parse whatever header it has; what is too much belongs to the chunks.
    const start = await reader.read(longestHeader + xaesNonceBytes + 32 + tagBytes);
    const lane = liveLane(await fields.lane(place, start, 'stream'));
    const end = openingEnd(lane);
    const opening = start.subarray(lane.headerOctets.length, end);
    const cipher = openChunks(lane, opening, lane.encoder.encode(place));
    try {
      yield* openRest(lane, cipher, reader, start.subarray(end));
    } finally {
      cipher.erase();
    }
  } finally {
    await reader.close();
  }
}

async function* openRest(
  lane: Lane,
  cipher: ChunkCipher,
  reader: ChunkReader,
  begun: Uint8Array,
): AsyncGenerator<Uint8Array> {
  let head = begun;
  for (let last = false; !last; ) {
    const chunk = Buffer.concat([head, await reader.read(chunkBytes + tagBytes - head.length)]);
    head = new Uint8Array(0);
    last = await reader.atEnd();
    checkUsable(lane);
    yield cipher.open(chunk, last);
  }
}

/** A stream may go on for hours: it ends when its KEK is revoked. @throws KeyError with the reason */
function checkUsable({ holder, header, scope }: Lane): void {
  if (!holder.usable) holder.fieldKey(suites[header.suite].id, scope);
}
