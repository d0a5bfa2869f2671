/** For `configure`: puts a service in front of the default whitelist; `entry` are lines of YAML, such as `max_certificates: 9`. */
export function allowService(serviceId: string, ...entry: readonly string[]): (name: string, text: string) => string {
  const operations = 'allowed_operations: [request, renew, revoke, download]';
  const lines = [`  - service_id: ${serviceId}`, ...[operations, ...entry].map((line) => `    ${line}`)];
  return (name, text) =>
    name === 'service_whitelist.yaml' ? text.replace(/^services:\n/m, `services:\n${lines.join('\n')}\n`) : text;
}

/** For `configure`: gives keys of pki_config.yaml other values. */
export function setKeys(keys: Readonly<Record<string, string | number>>): (name: string, text: string) => string {
  return (name, text) => {
    if (name !== 'pki_config.yaml') return text;
    return Object.entries(keys).reduce((changed, [key, value]) => {
      const line = new RegExp(`^( +)(# )?${key}: .*$`, 'm');
      if (!line.test(changed)) throw new Error(`pki_config.yaml has no key ${key}`);
      return changed.replace(line, `$1${key}: ${value}`);
    }, text);
  };
}

/** One `configure` made of several, applied in their order. */
export function configureAll(
  ...changes: readonly ((name: string, text: string) => string)[]
): (name: string, text: string) => string {
  return (name, text) => changes.reduce((changed, change) => change(name, changed), text);
}
