export { PkiError } from '@vcc-pki/api';
export { KeyError, type KeyErrorCode, type KeyErrorDefinition, type KeyErrorOptions, keyErrors } from './key-error.ts';
export { FieldKey } from './keys/field-key.ts';
export { type FieldScope, KekHandle, type KekHandleOptions } from './keys/kek-handle.ts';
export type { KekSource } from './keys/kek-source.ts';
export { type KeyPurpose, keyLabels, type LabelPiece } from './keys/labels.ts';
export { SecretMemory, sharedSecretMemory } from './keys/secret-memory.ts';
