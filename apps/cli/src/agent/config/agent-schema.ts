import { choice, integer, section } from '@vcc-pki/server/config-file';
import { keyTypes } from '@vcc-pki/signer';
import { type Static, Type } from 'typebox';
import { output } from './output-schema.ts';
import { forms, optionalInteger, optionalList, optionalText, requiredText } from './schema-parts.ts';

/** As many as one host has services. */
const maxCertificates = 200;
const maxOutputs = 20;
const maxNames = 100;

const names = (form: (typeof forms)[keyof typeof forms], description: string, example: string[]) =>
  optionalList(Type.String({ ...form }), { description, maxItems: maxNames, examples: [example] });

const endpoint = section({
  address: requiredText(forms.hostAndPort, {
    description: 'Where the program listens.',
    examples: ['127.0.0.1:8443'],
  }),
  server_name: optionalText(forms.dnsName, {
    description:
      'Name asked for in the handshake (SNI); when left out, the host of the address, or none for an IP address.',
    examples: ['web.vcc.local'],
  }),
  protocol: choice(['tls', 'postgresql'], {
    description: 'How TLS begins there: at once, or as PostgreSQL has it.',
    default: 'tls',
  }),
});

const proof = section({
  registered_endpoints: Type.Boolean({
    description: 'Whether the https endpoints that the registry has for the service are looked at, too.',
    default: true,
  }),
  endpoints: Type.Array(endpoint, {
    description: 'Where the new certificate must be served.',
    default: [],
    maxItems: 50,
  }),
  timeout_seconds: integer({
    description: 'How long it is tried again until the new certificate is seen; after that it is told as unproven.',
    default: 60,
    minimum: 1,
    maximum: 3600,
  }),
});

const certificate = section({
  name: requiredText(forms.name, { description: 'What it is called in logs, metrics and status.', examples: ['web'] }),
  service_id: requiredText(forms.name, {
    description: 'The service it is for; the agent calls the server as this service.',
    examples: ['veritas-backend'],
  }),
  enrolment_token_file: optionalText(forms.file, {
    description: 'File with the one-time token that gets the first certificate.',
    examples: ['/etc/vcc-pki/web.token'],
  }),
  existing_cert_file: optionalText(forms.file, {
    description: 'A certificate with its chain that is there already, taken over instead of enrolling.',
    examples: ['/srv/certs/veritas-backend/fullchain.pem'],
  }),
  existing_key_file: optionalText(forms.file, {
    description: 'The private key of existing_cert_file.',
    examples: ['/srv/certs/veritas-backend/key.pem'],
  }),
  key_type: choice([...keyTypes], { description: 'Kind of each new key.', default: 'P-256' }),
  common_name: optionalText(forms.dnsName, {
    description: 'Common name; when left out, the server chooses.',
    examples: ['web.vcc.local'],
  }),
  dns_names: names(forms.dnsName, 'DNS names; when left out, those the server gives the service.', ['web.vcc.local']),
  ip_addresses: names(forms.ipAddress, 'IP addresses; when left out, those the server gives the service.', [
    '192.168.178.94',
  ]),
  uris: names(forms.uri, 'URIs beside the SPIFFE ID, which each certificate has.', ['https://web.vcc.local/api']),
  validity_days: optionalInteger({
    description: 'Length of validity in days; when left out, that of the server.',
    minimum: 1,
    maximum: 3650,
    examples: [90],
  }),
  validity_hours: optionalInteger({
    description: 'Length of validity in hours, instead of validity_days.',
    minimum: 1,
    maximum: 87_600,
    examples: [24],
  }),
  outputs: Type.Array(output, {
    description: 'Folders of files that are written whenever the certificate changes.',
    default: [],
    maxItems: maxOutputs,
  }),
  proof,
});

/** The file agent.yaml. */
export const agentSchema = section({
  pki_server: section({
    url: requiredText(forms.serverUrl, { description: 'The PKI server.', examples: ['https://pki.vcc.local:8443'] }),
    root_ca_file: optionalText(forms.file, {
      description: 'The root certificate, the only one that is trusted; without it, the token must pin the root.',
      examples: ['/etc/vcc-pki/root_ca.pem'],
    }),
  }),
  state_dir: requiredText(forms.file, {
    description: "Folder of the agent's own: keys and certificates, status, socket.",
    examples: ['/var/lib/vcc-pki-agent'],
  }),
  log_level: choice(['error', 'warn', 'info', 'debug'], {
    description: 'Least severe kind of message that is logged.',
    default: 'info',
  }),
  metrics_port: optionalInteger({
    description: 'Port on 127.0.0.1 that serves /metrics and /status; off when left out.',
    minimum: 1,
    maximum: 65_535,
    examples: [9464],
  }),
  certificates: Type.Array(certificate, {
    description: 'The certificates the agent keeps.',
    default: [],
    maxItems: maxCertificates,
  }),
});

export type AgentFile = Static<typeof agentSchema>;
