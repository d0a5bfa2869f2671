/** A DNS label in lower case (RFC 1123 s2.1), since it is a host name and part of a SPIFFE ID at once. */
const serviceIdSyntax = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const placeholder = '{service_id}';

/** Tells whether `text` can name a service; nothing that is special in a pattern can. */
export function isServiceId(text: string): boolean {
  return serviceIdSyntax.test(text);
}

/** Tells whether `text` is a pattern of service ids: their characters, and `*`. */
export function isServicePattern(text: string): boolean {
  return /^[a-z0-9*-]{1,63}$/.test(text);
}

/**
 * Compiles a pattern of service ids: `*` stands for any run of letters, digits and hyphens, and all of the id must fit.
 * The match is a walk over the parts between the stars, so its time does not grow with their number.
 * @throws RangeError when it is no pattern.
 */
export function compileServicePattern(pattern: string): (serviceId: string) => boolean {
  if (!isServicePattern(pattern)) throw new RangeError(`"${pattern}" is not a pattern of service ids`);
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (serviceId) => serviceId === pattern;
  return (serviceId) => {
    if (!serviceId.startsWith(first) || !serviceId.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = serviceId.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at + last.length <= serviceId.length;
  };
}

/**
 * Puts a service's id into a name of the whitelist.
 * @throws RangeError when it is no service id: a `*` in it would widen the name (as in GHSA-59w7-v8rr-pr4p).
 */
export function expandServiceId(template: string, serviceId: string): string {
  if (!isServiceId(serviceId)) throw new RangeError(`"${serviceId}" is not a service id`);
  return template.replaceAll(placeholder, serviceId);
}
