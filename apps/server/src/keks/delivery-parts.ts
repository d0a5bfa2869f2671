import { PkiError } from '@vcc-pki/api';
import { KekError } from '@vcc-pki/kek';
import { certificateById, issuedDer } from '../store/index.ts';
import type { KekDeps } from './deps.ts';

/** Delivers in turn with all others, and counts what becomes of it. @throws PkiError `rateLimited` when too many wait */
export async function inTurn<T>({ gate, metrics }: KekDeps, deliver: () => Promise<T>): Promise<T> {
  const stopTimer = metrics.deliverySeconds.startTimer();
  try {
    const delivery = await gate.run(deliver);
    metrics.deliveries.inc({ outcome: 'delivered' });
    return delivery;
  } catch (error) {
    metrics.deliveries.inc({ outcome: error instanceof PkiError ? error.code : 'serverInternal' });
    throw error;
  } finally {
    stopTimer();
  }
}

/** The certificate with which a service has connected, DER. */
export async function certificateOf({ issuance }: KekDeps, certificateId: string): Promise<Uint8Array> {
  const record = await certificateById(issuance.store.read, certificateId);
  if (record === undefined) throw new PkiError('serverInternal', `the ledger does not have ${certificateId}`);
  return issuedDer(record);
}

/** What is wrong with the request is the caller's. */
export async function orRefuse<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof KekError) || (error.code !== 'badRequest' && error.code !== 'badPublicKey')) throw error;
    throw new PkiError('badKekRequest', error.message, { field: 'request', cause: error });
  }
}
