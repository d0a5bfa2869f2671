import { hpkeSuite } from '@vcc-pki/kek';
import { LRUCache } from 'lru-cache';
import type { KeyHolder } from '../ciphertext/key-holder.ts';
import type { SealedKeyName, SealedSessions } from '../fields/field-reader.ts';
import { KeyError } from '../key-error.ts';
import type { KekHandle } from '../keys/kek-handle.ts';
import { SealedSession, sessionInfo, sessionName } from './sealed-session.ts';

export interface SealedReaderOptions {
  /** Gives the `enc` that a {@link SealedWriter} stored; needed with P-256 and X-Wing. */
  readonly loadSession?: ((name: Uint8Array) => Promise<Uint8Array | undefined>) | undefined;
}

interface Opened {
  readonly session: SealedSession;
  /** Takes it from the list of what the KEK closes. */
  readonly leave: () => void;
}

/** Sessions whose keys are kept. */
const maxSessions = 10_000;

/** Opens the sessions of write-only services: the `sealed` of {@link FieldEncryption}. */
export class SealedReader implements SealedSessions {
  readonly #options: SealedReaderOptions;
  readonly #sessions = new WeakMap<KekHandle, LRUCache<string, Promise<Opened>>>();

  constructor(options: SealedReaderOptions = {}) {
    this.#options = options;
  }

  async keyHolder(kek: KekHandle, sealed: Uint8Array, { suite, scope }: SealedKeyName): Promise<KeyHolder> {
    const { session } = await this.#session(kek, Uint8Array.from(sealed));
    kek.checkUsable();
    await session.prepare(suite, scope);
    kek.checkUsable();
    return session;
  }

  #session(kek: KekHandle, sealed: Uint8Array): Promise<Opened> {
    const sessions = this.#sessions.get(kek) ?? newSessions();
    this.#sessions.set(kek, sessions);
    const name = Buffer.from(sealed).toString('latin1');
    const known = sessions.get(name);
    if (known) return known;
    const opening = this.#open(kek, sealed);
    sessions.set(name, opening);
    // What failed is tried again by the next record.
    opening.catch(() => sessions.delete(name));
    return opening;
  }

  async #open(kek: KekHandle, sealed: Uint8Array): Promise<Opened> {
    const { lineId, version, kem, memory } = kek;
    const enc = kem === 'X25519' ? sealed : await this.#load(kek, sealed);
    try {
      const recipient = { recipientKey: kek.kexPrivateKey, enc, info: sessionInfo(kek) };
      const exporter = await hpkeSuite(kem).createRecipientContext(recipient);
      const session = new SealedSession({ lineId, version, sealed, exporter, memory });
      return { session, leave: kek.closeWith(session) };
    } catch (cause) {
      if (cause instanceof KeyError) throw cause;
      throw new KeyError('WRONG_KEY', 'the session of the record is not sealed to this KEK', {
        kekLine: lineId,
        kekVersion: version,
        cause,
      });
    }
  }

  async #load({ lineId, version }: KekHandle, name: Uint8Array): Promise<Uint8Array> {
    const names = { kekLine: lineId, kekVersion: version };
    const enc = await this.#options.loadSession?.(name);
    if (!enc) throw new KeyError('KEK_UNKNOWN', 'the session of the record is not stored here', names);
    if (Buffer.compare(sessionName(enc), name) !== 0)
      throw new KeyError('WRONG_KEY', 'another session is stored under its name', names);
    return Uint8Array.from(enc);
  }
}

function newSessions(): LRUCache<string, Promise<Opened>> {
  return new LRUCache({ max: maxSessions, dispose: (opening) => void opening.then(end, () => undefined) });
}

function end({ session, leave }: Opened): void {
  leave();
  session.close();
}
