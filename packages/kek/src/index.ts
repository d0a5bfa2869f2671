/**
 * Key-encryption keys as both ends know them, the server that makes them and the provider that uses them: derivation from
 * the seed, the KEK certificate, the sealed delivery. No I/O, no clock. Byte for byte in `docs/keks.md`.
 *
 * @module
 */
export { type DeliveryBinding, type OpenedKek, openDelivery, sealDelivery } from './delivery.ts';
export {
  type DeliveryRequest,
  deliveryRequestMaxAgeMs,
  deliveryRequestType,
  type GroupDeliveryRequest,
  groupDeliveryRequestType,
  maxDeliveryRequestLength,
  signDeliveryRequest,
  signGroupDeliveryRequest,
  verifyDeliveryRequest,
  verifyGroupDeliveryRequest,
} from './delivery-request.ts';
export { type DerivedKek, deriveKek, type KekIdentity, kekSeedLength, kekVersionOctets } from './derive-kek.ts';
export {
  type GroupDeliveryBinding,
  type GroupKeyName,
  groupEpochOctets,
  groupKeyId,
  groupKeyLength,
  openGroupDelivery,
  sealGroupDelivery,
} from './group-delivery.ts';
export { hkdfExpand, hkdfExtract } from './hkdf.ts';
export { isKekLine, type KekCertificateFacts, kekCertificateFacts, kekUri } from './kek-certificate.ts';
export { KekError, type KekErrorCode } from './kek-error.ts';
export { encodeKekFacts, type KekFacts, kekFactsExtensionId, parseKekFacts } from './kek-facts.ts';
export { hpkeSuite, isKekKem, type KekKem, kekKems, kemFacts } from './kem.ts';
export { pae } from './pae.ts';
export { encodeKekPublicKey, type KekPublicKey, parseKekPublicKey } from './public-key.ts';
export {
  type DeliveryPolicy,
  deliveryNonceLength,
  generateDeliveryKey,
  type SealedDelivery,
} from './sealed-message.ts';
