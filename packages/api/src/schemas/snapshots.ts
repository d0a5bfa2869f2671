import { type Static, Type } from 'typebox';

export const RevocationDeltaQuery = Type.Object(
  {
    from: Type.Integer({
      description: 'The revision up to which everything is known.',
      minimum: 0,
      maximum: 2_147_483_647,
    }),
  },
  { additionalProperties: false },
);
export type RevocationDeltaQuery = Static<typeof RevocationDeltaQuery>;
