import { KekHandle, type KekHandleOptions, type KekSource, KeyError } from '@vcc-pki/key-provider';

/** Versions of one line in memory, as a provider would hold them; the last one added is primary. */
export interface MemoryKeks extends KekSource {
  add(version: number, options?: Partial<KekHandleOptions>): KekHandle;
}

export function memoryKeks({ lineName = 'themis-main', lineId = 3 } = {}): MemoryKeks {
  const handles = new Map<number, KekHandle>();
  let primary: KekHandle | undefined;
  return {
    add(version, options) {
      primary = new KekHandle({ lineName, lineId, version, root: new Uint8Array(32).fill(version), ...options });
      handles.set(version, primary);
      return primary;
    },
    primary(name) {
      if (!primary || name !== lineName) throw new KeyError('KEK_UNKNOWN', 'no such line', { kekLine: name });
      return primary;
    },
    byVersion(id, version) {
      const handle = id === lineId ? handles.get(version) : undefined;
      if (!handle) throw new KeyError('KEK_UNKNOWN', 'no such version', { kekLine: id, kekVersion: version });
      return handle;
    },
    knowsLine: (id) => id === lineId,
  };
}
