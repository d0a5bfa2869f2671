import type { Fixture } from '../fixture.ts';
import { algorithmFixtures, keyFixtures } from './keys-and-algorithms.ts';
import { nameFixtures } from './names.ts';
import {
  cabBrFixtures,
  houseFixtures,
  malformedFixtures,
  requestFixtures,
  rfc9608Fixtures,
  x690Fixtures,
} from './profile.ts';
import { rfc5280CertificateFixtures, rfc5280SanFixtures } from './rfc5280-certificate.ts';
import { rfc5280CrlFixtures } from './rfc5280-crl.ts';

export const fixtures: readonly Fixture[] = [
  ...rfc5280CertificateFixtures,
  ...rfc5280SanFixtures,
  ...rfc5280CrlFixtures,
  ...algorithmFixtures,
  ...keyFixtures,
  ...nameFixtures,
  ...rfc9608Fixtures,
  ...cabBrFixtures,
  ...x690Fixtures,
  ...houseFixtures,
  ...requestFixtures,
  ...malformedFixtures,
];
