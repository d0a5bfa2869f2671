import { choice, filePath, integer, section } from '../setting.ts';

export const keks = section(
  {
    root_key_file: filePath({
      description:
        'Encrypted key-encryption root (PEM, mode 0400), under which the secrets of all KEKs are stored; the same for all servers of a cluster.',
      default: './intermediate/kek_root_key.pem',
    }),
    default_kem: choice(['X25519', 'P-256', 'X-Wing'], {
      description: 'Kind of the key pair of new lines: X25519, P-256, or the hybrid X-Wing.',
      default: 'X25519',
    }),
    validity_days: integer({
      description: 'For how long new data may be encrypted under a KEK.',
      default: 90,
      minimum: 1,
      maximum: 730,
    }),
    deliveries_per_hour: integer({
      description: 'How many KEKs one service may fetch in an hour, all its processes together.',
      default: 10_000,
      minimum: 1,
      maximum: 10_000_000,
    }),
    consumer_live_minutes: integer({
      description: 'A promotion waits for the consumers that were seen within this time, or twice their poll interval.',
      default: 10,
      minimum: 1,
      maximum: 10_080,
    }),
    destroy_after_days: integer({
      description: 'How long a KEK stays DISABLED before it may be destroyed.',
      default: 7,
      minimum: 0,
      maximum: 3650,
    }),
  },
  'Key-encryption keys.',
);
