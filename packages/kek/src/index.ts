/**
 * Key-encryption keys as both ends know them, the server that makes them and the provider that uses them: derivation from
 * the seed, the KEK certificate, the sealed delivery. No I/O, no clock.
 *
 * @module
 */
export { pae } from './pae.ts';
