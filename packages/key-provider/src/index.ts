export { PkiError } from '@vcc-pki/api';
