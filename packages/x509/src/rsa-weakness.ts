import { toHex } from '@vcc-pki/asn1';

/** How many rounds of Fermat's method are tried (CA/Browser Forum Baseline Requirements s6.1.6). */
const fermatRounds = 100;
/** The modulus has no factor up to this one (CA/Browser Forum Baseline Requirements s6.1.6: smaller than 752). */
const largestSmallPrime = 751;
/** The primes that Infineon's library left its fingerprint on in keys of every size (Nemec et al. 2017, s2.1). */
const largestRocaPrime = 167;

const smallPrimes = primesUpTo(largestSmallPrime);

/**
 * Says what is known to be wrong with an RSA modulus, as the end of a sentence; `undefined` when nothing is.
 * Takes under 2 ms for 4096 bits.
 * @param modulus unsigned big-endian.
 */
export function rsaWeakness(modulus: Uint8Array): string | undefined {
  const n = BigInt(`0x${toHex(modulus)}`);
  const residues = smallResidues(n);
  if (residues.some((residue) => residue === 0)) return 'its modulus has a small factor';
  if (hasRocaFingerprint(residues)) return 'it was made by a library whose keys can be computed (ROCA, CVE-2017-15361)';
  if (hasClosePrimes(n)) return 'its two primes are so close that they can be computed';
  return undefined;
}

/** `n` modulo each of `smallPrimes`, by dividing the big number only once for several primes. */
function smallResidues(n: bigint): number[] {
  return primeGroups.flatMap(({ product, primes }) => {
    const rest = Number(n % product);
    return primes.map((prime) => rest % prime);
  });
}

/** Groups of `smallPrimes`, in order, whose product is still an exact number. */
const primeGroups = groupPrimes();

function groupPrimes(): { product: bigint; primes: number[] }[] {
  const groups: { product: bigint; primes: number[] }[] = [];
  for (const prime of smallPrimes) {
    const last = groups.at(-1);
    if (last === undefined || last.product * BigInt(prime) > BigInt(Number.MAX_SAFE_INTEGER)) {
      groups.push({ product: BigInt(prime), primes: [prime] });
    } else {
      last.product *= BigInt(prime);
      last.primes.push(prime);
    }
  }
  return groups;
}

function primesUpTo(limit: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; candidate <= limit; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

/** Such a modulus is a power of 65537 modulo every small prime; of other keys one in 2^27 looks like that. */
function hasRocaFingerprint(residues: readonly number[]): boolean {
  return powersOf65537.every((powers, i) => powers.has(residues[i] as number));
}

const powersOf65537 = smallPrimes
  .filter((prime) => prime <= largestRocaPrime)
  .map((prime) => {
    const powers = new Set<number>();
    for (let power = 1; !powers.has(power); power = (power * 65537) % prime) powers.add(power);
    return powers;
  });

/** Fermat's method: n = a² - b² = (a + b)(a - b), with a just above the root of n when the primes are close. */
function hasClosePrimes(n: bigint): boolean {
  let a = squareRoot(n);
  if (a * a < n) a++;
  let rest = a * a - n;
  for (let round = 0; round < fermatRounds; round++) {
    if (isSquare(rest)) return true;
    rest += 2n * a + 1n;
    a++;
  }
  return false;
}

/** Most numbers are told from squares by their last bits and a small residue; the root decides on the others. */
function isSquare(n: bigint): boolean {
  if (!squaresModulo64.has(Number(n & 63n)) || !squaresModulo45045.has(Number(n % 45045n))) return false;
  const root = squareRoot(n);
  return root * root === n;
}

const squaresModulo64 = squaresModulo(64);
const squaresModulo45045 = squaresModulo(45045);

function squaresModulo(modulus: number): ReadonlySet<number> {
  return new Set(Array.from({ length: modulus }, (_, i) => (i * i) % modulus));
}

/** The largest integer whose square is at most `n`, by Newton's method from above. */
function squareRoot(n: bigint): bigint {
  if (n === 0n) return 0n;
  let root = 1n << BigInt(n.toString(16).length * 2);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
