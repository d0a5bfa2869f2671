/** A P-256 request for veritas-backend; its key, like those of the other examples, is gone. */
export const exampleCsr = [
  '-----BEGIN CERTIFICATE REQUEST-----',
  'MIIBLTCB1AIBADAkMSIwIAYDVQQDDBl2ZXJpdGFzLWJhY2tlbmQudmNjLmxvY2Fs',
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEtwHvI3OQmaxFCp3XDvudNCAcguUD',
  'Uqr/u/+Y9OScte8gnZ6HT/sU65lhWENfQJtMJIjlIer1Vvyaa1uveEuyu6BOMEwG',
  'CSqGSIb3DQEJDjE/MD0wOwYDVR0RBDQwMoIPdmVyaXRhcy1iYWNrZW5kghl2ZXJp',
  'dGFzLWJhY2tlbmQudmNjLmxvY2FshwR/AAABMAoGCCqGSM49BAMCA0gAMEUCIBAs',
  'nK6x6aoTvuM5xKvOWqNwel/bzHA9a7+lwnIC9BnFAiEAjGzQK/uidvTH2diNVGBP',
  'SYtG8rsbYkvnluAjE6sxLFU=',
  '-----END CERTIFICATE REQUEST-----',
  '',
].join('\n');

/** The certificate issued for it. */
export const exampleCertificatePem = [
  '-----BEGIN CERTIFICATE-----',
  'MIIB2TCCAX+gAwIBAgISSv4MU9ehsm+IkNfB4vMEVWaqMAoGCCqGSM49BAMCMDYx',
  'FjAUBgNVBAoMDVZDQyBGcmFtZXdvcmsxHDAaBgNVBAMME1ZDQyBJbnRlcm1lZGlh',
  'dGUgQ0EwHhcNMjYxMTIxMjIyMjA1WhcNMjcxMTIxMjIyMjA1WjAkMSIwIAYDVQQD',
  'DBl2ZXJpdGFzLWJhY2tlbmQudmNjLmxvY2FsMFkwEwYHKoZIzj0CAQYIKoZIzj0D',
  'AQcDQgAEtwHvI3OQmaxFCp3XDvudNCAcguUDUqr/u/+Y9OScte8gnZ6HT/sU65lh',
  'WENfQJtMJIjlIer1Vvyaa1uveEuyu6N/MH0wOwYDVR0RBDQwMoIPdmVyaXRhcy1i',
  'YWNrZW5kghl2ZXJpdGFzLWJhY2tlbmQudmNjLmxvY2FshwR/AAABMB0GA1UdDgQW',
  'BBSK5T96K4ERLkid0b1w6MqoRVC77TAfBgNVHSMEGDAWgBTYLPqJZQ83+8+veNW/',
  'sZUbfy8rjjAKBggqhkjOPQQDAgNIADBFAiEAwr+V5MeUkBC8Xb3/KB6dthlFQrCw',
  'Bl4zWPpWPa6Ax+wCIDOkWx/ggiDMnwrqTWjA6vjKKdYHeWRtK4ZmMW4ZD20V',
  '-----END CERTIFICATE-----',
  '',
].join('\n');

/** Its issuer. */
export const exampleChainPem = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBwTCCAWegAwIBAgIUaMKS2SUcNDkbmsTythasGEfdvGgwCgYIKoZIzj0EAwIw',
  'NjEWMBQGA1UECgwNVkNDIEZyYW1ld29yazEcMBoGA1UEAwwTVkNDIEludGVybWVk',
  'aWF0ZSBDQTAeFw0yNjExMjEyMjIyMDVaFw0zMTExMjEyMjIyMDVaMDYxFjAUBgNV',
  'BAoMDVZDQyBGcmFtZXdvcmsxHDAaBgNVBAMME1ZDQyBJbnRlcm1lZGlhdGUgQ0Ew',
  'WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASis3QaMZKil2fDLxn+EbrIcF0jd+85',
  '3ncOhVGHOBeENbRgn/2tOUJ/R8qgHr1lWX0nZSwRQ/6+humgDJ7/yjuOo1MwUTAd',
  'BgNVHQ4EFgQU2Cz6iWUPN/vPr3jVv7GVG38vK44wHwYDVR0jBBgwFoAU2Cz6iWUP',
  'N/vPr3jVv7GVG38vK44wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF',
  'AiEA3EnjyPY1/8bFzk8nZELKwCV2wcVowny8Zs4Oo5v91s0CIHsDSdJ+WOAxTpti',
  'cP7pYv/d6R+uMJZr4uBarF+vY3wa',
  '-----END CERTIFICATE-----',
  '',
].join('\n');
