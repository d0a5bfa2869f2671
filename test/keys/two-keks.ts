import { KekHandle, type KekSource, KeyError, type RecordColumn } from '@vcc-pki/key-provider';

/** What a process of the rotation is told. */
export interface RotationPlan {
  readonly url: string;
  readonly rowsPerSecond: number;
  readonly leaseMs: number;
}

export const records: RecordColumn = {
  name: 'patients.ssn',
  table: 'patients',
  keyColumn: 'id',
  recordColumn: 'ssn',
};

/** Two versions of a line whose secrets every process of a test knows. */
export class TwoKeks implements KekSource {
  readonly line = 'themis-main';
  readonly lineId = 7;
  primaryVersion = 1;
  readonly #handles = new Map(
    [1, 2].map((version) => [
      version,
      new KekHandle({ lineName: this.line, lineId: this.lineId, version, root: new Uint8Array(32).fill(version) }),
    ]),
  );

  primary(): KekHandle {
    return this.byVersion(this.lineId, this.primaryVersion);
  }

  byVersion(_lineId: number, version: number): KekHandle {
    const handle = this.#handles.get(version);
    if (handle === undefined) throw new KeyError('KEK_UNKNOWN', 'no such version', { kekVersion: version });
    return handle;
  }
}
