import type { OperationId } from './routes.ts';

/** Where an operation is. */
export interface RoutePlace {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
}

/**
 * Method and path of the operations by which one certificate is kept, copied from the route table: a process that keeps
 * certificates and does nothing else need not hold the schemas of all routes. A test compares it with the table.
 */
export const keeperRoutes: Readonly<Partial<Record<OperationId, RoutePlace>>> = {
  enrol: { method: 'POST', path: '/api/v1/enroll' },
  requestCertificate: { method: 'POST', path: '/api/v1/certificates/request' },
  renewCertificate: { method: 'POST', path: '/api/v1/certificates/{id}/renew' },
  getRenewalInfo: { method: 'GET', path: '/api/v1/certificates/{id}/renewal-info' },
  listCaCertificates: { method: 'GET', path: '/api/v1/ca/certificates' },
  getService: { method: 'GET', path: '/api/v1/services/{service_id}' },
  reportServed: { method: 'PUT', path: '/api/v1/services/{id}/served' },
};
