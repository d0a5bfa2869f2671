import { type Static, Type } from 'typebox';
import { Timestamp } from './fields.ts';

/** `/health`: the process answers. Says nothing about what it depends on. */
export const HealthResource = Type.Object(
  { status: Type.Literal('ok'), version: Type.String({ maxLength: 64 }), time: Timestamp },
  { title: 'Health' },
);
export type HealthResource = Static<typeof HealthResource>;

export const ReadinessCheck = Type.Object(
  {
    name: Type.Enum(['database', 'signer', 'crl'], { type: 'string' }),
    status: Type.Enum(['ok', 'failed'], { type: 'string' }),
    detail: Type.Optional(Type.String({ maxLength: 256 })),
  },
  { title: 'ReadinessCheck' },
);
export type ReadinessCheck = Static<typeof ReadinessCheck>;

/** `/ready`: every part works. Otherwise the answer is the problem `notReady`, whose `checks` are of the same shape. */
export const ReadyResource = Type.Object(
  { status: Type.Literal('ready'), checks: Type.Array(ReadinessCheck, { maxItems: 16 }) },
  { title: 'Ready' },
);
export type ReadyResource = Static<typeof ReadyResource>;
