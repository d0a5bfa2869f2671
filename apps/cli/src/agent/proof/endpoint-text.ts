import type { Endpoint } from '../config/agent-config.ts';

/** An endpoint as log, status and registry have it: `https://127.0.0.1:8443`, `postgresql://127.0.0.1:5432`. */
export function endpointText({ host, port, serverName, protocol }: Endpoint): string {
  const scheme = protocol === 'tls' ? 'https' : protocol;
  const address = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return serverName === undefined || serverName === host ? address : `${address}#${serverName}`;
}
