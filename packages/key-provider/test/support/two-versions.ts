import { randomBytes } from 'node:crypto';
import { FieldEncryption, KekHandle, type KekSource, KeyError } from '../../src/index.ts';

/** A line in memory with versions 1 and 2, of which 2 or another one is the primary; no server. */
export class TwoVersions implements KekSource {
  readonly lineId = 7;
  primaryVersion = 1;
  /** Thrown in place of an answer. */
  failure: KeyError | undefined;
  readonly #handles = [1, 2].map(
    (version) => new KekHandle({ lineName: 'themis-main', lineId: 7, version, root: randomBytes(32) }),
  );

  primary(): KekHandle {
    return this.#handle(this.primaryVersion);
  }

  byVersion(lineId: number, version: number): KekHandle {
    if (lineId !== this.lineId) throw new KeyError('KEK_UNKNOWN', 'another line', { kekLine: lineId });
    return this.#handle(version);
  }

  /** Encrypts for this line with the binding to the document. */
  encryption(): FieldEncryption {
    return new FieldEncryption({ keys: this, line: 'themis-main', tenant: 'acme' });
  }

  #handle(version: number): KekHandle {
    if (this.failure !== undefined) throw this.failure;
    const handle = this.#handles[version - 1];
    if (handle === undefined) throw new KeyError('KEK_UNKNOWN', 'no such version', { kekVersion: version });
    return handle;
  }
}
