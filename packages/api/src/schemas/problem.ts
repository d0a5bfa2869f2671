import { type Static, Type } from 'typebox';

/** The body of every answer from 400 on (RFC 9457 s3); further members depend on the code. */
export const ProblemBody = Type.Object(
  {
    type: Type.String({ description: 'urn:vcc:pki:problem:<code>', maxLength: 128 }),
    title: Type.String({ maxLength: 256 }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.Optional(Type.String({ description: 'What was wrong this time.', maxLength: 4096 })),
    code: Type.String({ description: 'Stable name, for programs.', maxLength: 64 }),
    field: Type.Optional(Type.String({ description: 'The member of the request at fault.', maxLength: 256 })),
    advice: Type.Optional(Type.String({ description: 'What to do.', maxLength: 1024 })),
    request_id: Type.String({ description: 'Names this request in the log of the server.', maxLength: 128 }),
    retry_after_seconds: Type.Optional(Type.Number({ minimum: 0 })),
  },
  { title: 'Problem' },
);
export type ProblemBody = Static<typeof ProblemBody>;
