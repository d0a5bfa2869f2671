import { keyTypes } from '@vcc-pki/signer';
import { Type } from 'typebox';
import { choice, filePath, integer, section, text } from '../setting.ts';

/** Printable, and within the upper bounds of RFC 5280 appendix A.1. */
function nameAttribute(description: string, fallback: string, max: 64 | 128) {
  const form = { pattern: `^[^\\u0000-\\u001f\\u007f]{1,${max}}$`, expects: `text of 1 to ${max} characters` };
  return text({ description, default: fallback, ...form });
}

/** Keys that both CAs have. */
const keyEncryption = choice(['aes256'], {
  description: 'How the key file is encrypted: PBES2 with AES-256, the key derived from the passphrase.',
  default: 'aes256',
});

export const rootCa = section(
  {
    cert_file: filePath({ description: 'Certificate of the root CA (PEM).', default: './root_ca.pem' }),
    key_file: filePath({
      description: 'Where init writes the encrypted key of the root CA, to be carried away; the server never opens it.',
      default: './root/root_ca_key.pem',
    }),
    key_encryption: keyEncryption,
    key_type: choice(keyTypes, { description: 'Kind of key that init makes.', default: 'P-384' }),
    validity_years: integer({ description: 'Validity of the root certificate.', default: 10, minimum: 1, maximum: 30 }),
    common_name: nameAttribute('Common name of the root CA.', 'VCC Root CA', 64),
    organization: nameAttribute('Organization in the names of both CAs and of all services.', 'VCC Framework', 64),
    organizational_unit: Type.Optional(
      Type.String({
        description: 'Organizational unit in the names of both CAs.',
        pattern: '^[^\\u0000-\\u001f\\u007f]{1,64}$',
        expects: 'text of 1 to 64 characters',
        examples: ['PKI'],
      }),
    ),
    country: text({
      description: 'Country in the names of both CAs (ISO 3166-1).',
      default: 'DE',
      pattern: '^[A-Z]{2}$',
      expects: 'two capital letters',
    }),
    state: nameAttribute('State or province in the names of both CAs.', 'Bavaria', 128),
    locality: nameAttribute('Locality in the names of both CAs.', 'Munich', 128),
  },
  'The root CA. These keys are read by init; afterwards the certificate is what counts.',
);

export const intermediateCa = section(
  {
    cert_file: filePath({
      description: 'Certificate of the intermediate CA (PEM).',
      default: './intermediate/intermediate_ca.pem',
    }),
    key_file: filePath({
      description: 'Encrypted key of the intermediate CA (PEM, mode 0400).',
      default: './intermediate/intermediate_ca_key.pem',
    }),
    key_encryption: keyEncryption,
    key_type: choice(keyTypes, { description: 'Kind of key that init makes.', default: 'P-256' }),
    common_name: nameAttribute('Common name of the intermediate CA.', 'VCC Intermediate CA', 64),
    validity_years: integer({
      description: 'Validity of the intermediate certificate; not beyond that of the root.',
      default: 5,
      minimum: 1,
      maximum: 30,
    }),
    auto_renew: Type.Boolean({
      description: 'Whether the intermediate CA counts as due for renewal before it ends.',
      default: true,
    }),
    renew_before_months: integer({
      description: 'How long before its end the intermediate CA is due for renewal.',
      default: 6,
      minimum: 1,
      maximum: 120,
    }),
  },
  'The intermediate CA, which signs everything that is issued.',
);
