export { PkiError } from '@vcc-pki/api';
export { KeyError, type KeyErrorCode, type KeyErrorDefinition, type KeyErrorOptions, keyErrors } from './key-error.ts';
