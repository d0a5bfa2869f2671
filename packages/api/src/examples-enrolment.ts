import { encodeEnrolmentToken } from './enrolment-token.ts';
import { certificateExample } from './examples.ts';
import { exampleChainPem } from './examples-pem.ts';
import type { CreatedTokenResource, EnrolmentResource, TokenResource } from './schemas/enrolment.ts';

const tokenId = 'tok_5b0c7713a4b5f20e9d8c61709fb1d17a';

export const tokenTextExample: string = encodeEnrolmentToken({
  tokenId,
  serverUrl: 'https://pki.vcc.local:8443',
  serviceId: 'veritas-backend',
  rootSha256: 'a2f1c09d3b7788e05e4c1d6f90ab43c2715ffe09d8b6a4c3210f9e8d7c6b5a40',
  secret: 'c2FtcGxlIG9ubHksIHRoaXMgb3BlbnMgbm90aGluZyE',
});

export const tokenExample: TokenResource = {
  token_id: tokenId,
  service_name: 'veritas-backend',
  status: 'open',
  dns: ['veritas-backend.vcc.local'],
  ip: [],
  created_at: '2026-11-21T22:20:00Z',
  created_by: 'admin-cli',
  expires_at: '2026-11-21T23:20:00Z',
};

export const createdTokenExample: CreatedTokenResource = { ...tokenExample, token: tokenTextExample };

export const enrolmentExample: EnrolmentResource = { ...certificateExample, root_pem: exampleChainPem };
