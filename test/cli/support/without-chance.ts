/** Puts words in place of everything that is different in every run. */
export function withoutChance(text: string, places: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [name, place] of Object.entries(places)) result = result.replaceAll(place, name);
  return (
    result
      .replaceAll(/(cert_[a-z_]+?)_\d{8}_[a-z0-9]+/g, '$1_DAY_RANDOM')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'TIME')
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
      .replaceAll(/(serial \(decimal\) +)\d+/g, '$1DECIMAL')
      .replaceAll(/[0-9a-f]{36,64}/g, 'HEX')
      .replaceAll(/(\/crl\/HEX)\/\d+\.crl/g, '$1/SHARD.crl')
      .replaceAll(/localhost:\d+/g, 'localhost:PORT')
      .replaceAll(/\bin \d+ (days|hours|minutes)/g, 'in N $1')
      .replaceAll(/\d+ (?:days|hours|minutes?) ago/g, 'N minutes ago')
      // How many were published meanwhile depends on when each fell due.
      .replaceAll(/(CRL number |^number +)\d+/gm, '$1N')
      .replaceAll(/(entries +|head +)\d+/g, '$1N')
  );
}
