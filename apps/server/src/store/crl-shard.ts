/** Octets at the end of a serial number that choose its shard: 32 bits, as hex. */
const shardDigits = 8;

/**
 * The shard of its issuer's CRL that lists a serial number: its last four octets as an unsigned number, modulo the
 * number of shards. These octets are random, so shards fill evenly; it is burnt into each certificate
 * (cRLDistributionPoints), so it must never change.
 *
 * @param serialNumber lower-case hex, two digits an octet.
 */
export function crlShardOf(serialNumber: string, shards: number): number {
  return Number.parseInt(serialNumber.slice(-shardDigits), 16) % shards;
}
