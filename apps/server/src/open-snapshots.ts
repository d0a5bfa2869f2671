import { fromHex } from '@vcc-pki/asn1';
import type { PkiConfig } from './config/index.ts';
import type { ChangeFeed } from './feed/change-feed.ts';
import type { IssuanceDeps } from './issuance/deps.ts';
import type { Log } from './log.ts';
import type { OcspResponder } from './ocsp/ocsp-responder.ts';
import { ResponderKey } from './ocsp/responder-key.ts';
import { makeResponderCredential } from './ocsp-responder-certificate.ts';
import { SnapshotPublisher } from './revocation/snapshot-publisher.ts';
import { type SnapshotCredential, snapshotSigner } from './revocation/snapshot-signer.ts';

const dayMs = 86_400_000;

/** The revocation snapshot of the server's issuer; deltas go to the readers of its change feed. */
export interface OpenSnapshots {
  readonly snapshots: SnapshotPublisher;
  /** The key that signs them. */
  readonly credential: () => Promise<SnapshotCredential>;
  close(): Promise<void>;
}

export async function openSnapshots(
  config: PkiConfig,
  issuance: IssuanceDeps,
  parts: { readonly ocsp: OcspResponder | undefined; readonly feed: ChangeFeed; readonly log: Log },
): Promise<OpenSnapshots> {
  const { clock, store, issuer } = issuance;
  const { ocsp, feed, log } = parts;
  // One key speaks about revocation; where OCSP is off there is one for snapshots alone.
  const own = ocsp === undefined ? ownKey(config, issuance, log) : undefined;
  const key = own ?? ocsp?.issuers.find(({ issuerId }) => issuerId === issuer.issuerId)?.key;
  if (key === undefined) throw new Error(`there is no responder key for the issuer ${issuer.issuerId}`);
  const credential = (): Promise<SnapshotCredential> => key.current();
  const validityMs = config.security.revocationSnapshotValidityMinutes * 60_000;
  const snapshots = new SnapshotPublisher({
    ...{ clock, store, validityMs },
    issuerId: issuer.issuerId,
    crlShards: issuer.crlShards,
    sign: snapshotSigner({
      ...{ clock, validityMs },
      issuerKeyId: fromHex(issuer.issuerId),
      credential,
    }),
    onDelta: ({ der }) => feed.publish({ event: 'revocation', data: Buffer.from(der).toString('base64') }),
    onFailure: (error) => log.error({ err: error }, 'the revocation snapshot cannot be kept; it is tried again'),
  });
  await snapshots.start();
  return {
    snapshots,
    credential,
    close: async () => {
      await snapshots.close();
      await own?.close();
    },
  };
}

function ownKey({ ocsp }: PkiConfig, issuance: IssuanceDeps, log: Log): ResponderKey {
  const keyOptions = { keyType: ocsp.responderKeyType, validityMs: ocsp.responderValidityDays * dayMs };
  return new ResponderKey({
    clock: issuance.clock,
    make: () => makeResponderCredential(issuance, keyOptions),
    onRenewed: () => undefined,
    onFailure: (error) => log.error({ err: error }, 'there is no new key for revocation snapshots; tried again soon'),
  });
}
