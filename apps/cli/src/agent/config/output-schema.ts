import { choice, integer, section, text } from '@vcc-pki/server/config-file';
import { Type } from 'typebox';
import { forms, optionalList, optionalSection, optionalText, requiredText } from './schema-parts.ts';

/** What a program is called for whose sake files are written; each has its files and its way to take them up. */
const adapterNames = ['files', 'nginx', 'haproxy', 'postgresql', 'envoy'] as const;

export type AdapterName = (typeof adapterNames)[number];

/** Signals by which programs are told to read their files again. */
const reloadSignals = ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

const fileName = (what: string, example: string) =>
  optionalText(forms.fileName, { description: `Name of the file with ${what}.`, examples: [example] });

const files = optionalSection(
  {
    cert: fileName('the certificate alone', 'cert.pem'),
    key: fileName('the private key (PKCS #8)', 'key.pem'),
    fullchain: fileName('the certificate and its issuers without the root, leaf first', 'fullchain.pem'),
    ca: fileName('the root', 'ca.pem'),
    combined: fileName('the full chain and the private key in one', 'web.pem'),
  },
  'Names of the files; with any of them, exactly these are written, else those of the adapter.',
);

const reload = optionalSection(
  {
    command: optionalList(Type.String({ pattern: '^[^\\u0000]{1,4096}$', expects: 'text without NUL' }), {
      description: 'Program with an absolute path, and its arguments; run without a shell.',
      maxItems: 100,
      examples: [['/usr/bin/systemctl', 'reload', 'nginx']],
    }),
    timeout_seconds: integer({
      description: 'Time the command, or the runtime API, has; a command that takes longer is killed.',
      default: 30,
      minimum: 1,
      maximum: 600,
    }),
    signal: Type.Optional(
      Type.Enum([...reloadSignals], {
        description: 'Signal to the process whose id is in pid_file.',
        examples: ['SIGHUP'],
      }),
    ),
    pid_file: optionalText(forms.file, {
      description: 'File whose first line is the process id.',
      examples: ['/run/nginx.pid'],
    }),
    haproxy_socket: optionalText(forms.file, {
      description: 'Socket of the HAProxy runtime API (level admin): the certificate is put in without a reload.',
      examples: ['/run/haproxy/admin.sock'],
    }),
  },
  'How the program takes the new files up; when left out, the way of the adapter.',
);

/** One folder of files for one program. */
export const output = section({
  adapter: choice([...adapterNames], { description: 'The program the files are for.', default: 'files' }),
  folder: requiredText(forms.file, {
    description: 'Folder that holds the files and nothing else; made when it is not there.',
    examples: ['/etc/nginx/tls/web'],
  }),
  files,
  owner: optionalText(forms.user, {
    description: 'User the files belong to; when left out, the one the agent runs as. Another one takes CAP_CHOWN.',
    examples: ['postgres'],
  }),
  group: optionalText(forms.user, {
    description: 'Group of the files; when left out, that of the agent.',
    examples: ['ssl-cert'],
  }),
  key_mode: text({ description: 'Mode of the files that hold the key.', default: '0600', ...forms.keyMode }),
  cert_mode: text({ description: 'Mode of the other files.', default: '0644', ...forms.certMode }),
  secret_name: optionalText(forms.fileName, {
    description: 'Name of the secret in the SDS files; when left out, the name of the certificate.',
    examples: ['web'],
  }),
  reload,
});
