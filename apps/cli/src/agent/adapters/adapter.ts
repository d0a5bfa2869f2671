import type { FileContent, ReloadAction } from '../config/agent-config.ts';
import type { AdapterName } from '../config/output-schema.ts';

/** What an adapter knows about a program: which files it reads under which names, and how it takes new ones up. */
export interface Adapter {
  readonly files: Readonly<Partial<Record<FileContent, string>>>;
  /** Files that are written whatever the names of the others are. */
  readonly always?: Readonly<Partial<Record<FileContent, string>>>;
  /** The signal by which it reloads, and where its process id is unless configured otherwise. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly pidFile?: string };
}

/** Any program: the usual four files, and no reload but a configured one. */
const files: Adapter = { files: { cert: 'cert.pem', key: 'key.pem', fullchain: 'fullchain.pem', ca: 'ca.pem' } };

/**
 * nginx: ssl_certificate is the full chain. SIGHUP starts new workers with the new files while the old ones finish their
 * connections; what nginx cannot load it leaves, and goes on with the old.
 */
const nginx: Adapter = {
  files: { fullchain: 'fullchain.pem', key: 'key.pem', ca: 'ca.pem' },
  signal: { name: 'SIGHUP', pidFile: '/run/nginx.pid' },
};

/** HAProxy: `crt` is chain and key in one file. SIGUSR2 to the master process reloads it; the runtime API needs no reload. */
const haproxy: Adapter = {
  files: { combined: 'combined.pem', ca: 'ca.pem' },
  signal: { name: 'SIGUSR2', pidFile: '/run/haproxy.pid' },
};

/** PostgreSQL: SIGHUP to the postmaster has new connections use the new files; they are named as its documentation does. */
const postgresql: Adapter = {
  files: { fullchain: 'server.crt', key: 'server.key', ca: 'root.crt' },
  signal: { name: 'SIGHUP' },
};

/** Envoy: reads its secrets from SDS files and watches their folder, so nothing has to be told. */
const envoy: Adapter = {
  files: { fullchain: 'fullchain.pem', key: 'key.pem', ca: 'ca.pem' },
  always: { sdsCertificate: 'sds-certificate.json', sdsValidation: 'sds-validation.json' },
};

export const adapters: Readonly<Record<AdapterName, Adapter>> = { files, nginx, haproxy, postgresql, envoy };

/** The reload of an adapter that was not told another one; undefined when it cannot do it by itself. */
export function defaultReload({ signal }: Adapter, pidFile: string | undefined): ReloadAction | undefined {
  const file = pidFile ?? signal?.pidFile;
  if (signal === undefined || file === undefined) return undefined;
  return { kind: 'signal', signal: signal.name, pidFile: file };
}
