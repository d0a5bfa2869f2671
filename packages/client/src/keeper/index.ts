/**
 * The part of the library that keeps one certificate on disk alive, and nothing else: for processes that stay for good and
 * must be small, such as the agent.
 *
 * @module
 */

export type { ApiConnection } from '../api/api-connection.ts';
export { ServerRefusal } from '../api/server-refusal.ts';
export { ClientError } from '../client-error.ts';
export type { Clock } from '../clock.ts';
export { CertificateFiles } from '../files/certificate-files.ts';
export { certificatePaths } from '../files/certificate-paths.ts';
export { CertificateKeeper } from './certificate-keeper.ts';
export type { KeptCertificate } from './kept-certificate.ts';
