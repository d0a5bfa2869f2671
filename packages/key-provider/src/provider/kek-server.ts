import type { KeyObject } from 'node:crypto';
import type {
  KekConsumerReport,
  KekDelivery,
  KekGroupDelivery,
  KekGroupResource,
  KekResource,
  OpenKekBody,
  OpenKekGroupBody,
  ReportKekBody,
} from '@vcc-pki/api';
import type { GroupKeyName } from '@vcc-pki/kek';

/** What the server says about the KEKs that the caller may use. */
export interface KekList {
  /** Undefined: unchanged since the tag that was given. */
  readonly keks: readonly KekResource[] | undefined;
  /** For the next question. */
  readonly tag: string | undefined;
}

/** The server as a provider needs it; {@link ApiKekServer} is the real one. All of it throws PkiError, or what the network throws. */
export interface KekServer {
  listKeks(tag: string | undefined, signal: AbortSignal): Promise<KekList>;
  openKek(id: string, body: OpenKekBody, signal: AbortSignal): Promise<KekDelivery>;
  /** Every group of a tenant that the caller is a member of. */
  listGroups(line: string, tenant: string, signal: AbortSignal): Promise<readonly KekGroupResource[]>;
  openGroup(name: GroupKeyName, body: OpenKekGroupBody, signal: AbortSignal): Promise<KekGroupDelivery>;
  /**
   * The CRL at the address that certificates of KEKs name, DER; the full one of their issuer when they name none.
   */
  fetchCrl(point: string | undefined, signal: AbortSignal): Promise<Uint8Array>;
  report(line: string, body: ReportKekBody): Promise<KekConsumerReport>;
  /** Makes the next version of the line of a KEK. */
  rotateKek(id: string): Promise<KekResource>;
  /**
   * Calls back whenever something about KEKs or their revocation has changed, and, without news, when it may have: after the
   * connection was made anew.
   * @returns what ends it
   */
  watch?(onChange: (isNews: boolean) => void): () => void;
  close(): Promise<void>;
}

/** Who the provider is: its service certificate signs the requests for deliveries. */
export interface ServiceIdentity {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly privateKey: KeyObject;
}
