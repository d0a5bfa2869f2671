import type { ReadinessCheck } from '@vcc-pki/api';
import type { Issuer } from './authority/issuer.ts';
import type { Clock } from './clock.ts';
import type { CrlPublisher } from './revocation/crl-publisher.ts';
import { auditHead, type Store } from './store/index.ts';

/** Octets for a trial signature; no X.509 structure begins like this. */
const trial = new TextEncoder().encode('vcc-pki readiness');

/** An answer is good for so long: whoever asks faster, on the public listener too, makes the CA key sign no more often. */
const answerAgeMs = 1_000;

/** Makes the function that asks every part that issuing needs: can the ledger be read and written, can the key sign, is the CRL fresh? */
export function createReadiness(parts: {
  store: Store;
  issuer: Issuer;
  publisher: CrlPublisher;
  clock: Clock;
}): () => Promise<ReadinessCheck[]> {
  let asked: { at: number; answer: Promise<ReadinessCheck[]> } | undefined;
  return () => {
    const now = parts.clock.now();
    if (asked === undefined || Math.abs(now - asked.at) >= answerAgeMs) asked = { at: now, answer: askAll(parts) };
    return asked.answer;
  };
}

function askAll({ store, issuer, publisher }: { store: Store; issuer: Issuer; publisher: CrlPublisher }) {
  return Promise.all([
    check('database', async () => {
      await auditHead(store.read);
      if (!store.isHealthy()) throw new Error('the ledger takes no writes');
    }),
    check('signer', () => issuer.signer.sign(trial)),
    check('crl', async () => {
      const complaints = publisher.complaints();
      if (complaints.length > 0) throw new Error(complaints.join('; '));
    }),
  ]);
}

async function check(name: ReadinessCheck['name'], ask: () => Promise<unknown>): Promise<ReadinessCheck> {
  try {
    await ask();
    return { name, status: 'ok' };
  } catch (error) {
    return { name, status: 'failed', detail: (error instanceof Error ? error.message : String(error)).slice(0, 256) };
  }
}
