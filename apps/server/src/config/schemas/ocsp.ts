import { keyTypes } from '@vcc-pki/signer';
import { Type } from 'typebox';
import { choice, integer, section } from '../setting.ts';

export const ocsp = section(
  {
    enabled: Type.Boolean({
      description: 'Whether the public listener answers OCSP requests and new certificates name it.',
      default: true,
    }),
    validity_hours: integer({
      description: 'How long an answer may be used (nextUpdate); caches on the way may keep it as long.',
      default: 12,
      minimum: 1,
      // CA/B BR 4.9.10: ten days at most.
      maximum: 240,
    }),
    responder_validity_days: integer({
      description: "Validity of the responder's certificate, which the server renews before half of it is over.",
      default: 7,
      minimum: 1,
      maximum: 90,
    }),
    responder_key_type: choice(keyTypes, {
      description: "Kind of the responder's key, which lives in memory only.",
      default: 'P-256',
    }),
    cache_entries: integer({
      description: 'Signed answers that are kept in memory, about 2 KB each.',
      default: 20_000,
      minimum: 1,
      maximum: 10_000_000,
    }),
  },
  'The OCSP responder on the public listener.',
);
