import { createPrivateKey, X509Certificate } from 'node:crypto';
import type {
  KekConsumerReport,
  KekDelivery,
  KekGroupDelivery,
  KekGroupPage,
  KekGroupResource,
  KekPage,
  KekResource,
  OpenKekBody,
  OpenKekGroupBody,
  ReportKekBody,
} from '@vcc-pki/api';
import { type ApiAnswer, type ApiConnection, ChangeFeed, type ClientIdentity } from '@vcc-pki/client';
import type { GroupKeyName } from '@vcc-pki/kek';
import type { KekList, KekServer, ServiceIdentity } from './kek-server.ts';

/** The end of the address of a shard, as certificates of this PKI name it: docs/revocation.md. */
const shardPattern = /\/crl\/([0-9a-f]{40})\/(\d{1,4})\.crl$/;

/** Most of what a page may have. */
const pageSize = 500;

/** The server over mutual TLS; a change of a KEK, its revocation included, is heard of by the event stream. */
export class ApiKekServer implements KekServer {
  readonly #connection: ApiConnection;
  readonly #isOwner: boolean;
  #feed: ChangeFeed | undefined;
  /** The last CRLs, by their addresses. */
  readonly #crls = new Map<string, { readonly etag: string; readonly der: Uint8Array }>();
  /** The last list, page by page. */
  #pages: readonly TaggedPage[] = [];

  /** @param isOwner whether the connection is closed with this. */
  constructor(connection: ApiConnection, isOwner: boolean) {
    this.#connection = connection;
    this.#isOwner = isOwner;
  }

  async listKeks(tag: string | undefined, signal: AbortSignal): Promise<KekList> {
    const pages: TaggedPage[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await this.#askForPage(cursor, signal);
      pages.push(page);
      if (page.content.next_cursor === null) break;
      cursor = page.content.next_cursor;
    }
    this.#pages = pages;
    // A page that has no tag may be different each time.
    const tags = pages.map(({ etag }) => etag);
    const now = tags.includes(undefined) ? undefined : tags.join();
    const isSame = now !== undefined && now === tag;
    return { keks: isSame ? undefined : pages.flatMap(({ content }) => content.items), tag: now };
  }

  openKek(id: string, body: OpenKekBody, signal: AbortSignal): Promise<KekDelivery> {
    return this.#connection.call('openKek', { params: { id }, body: JSON.stringify(body), signal });
  }

  async listGroups(id: string, tenant: string, signal: AbortSignal): Promise<readonly KekGroupResource[]> {
    const groups: KekGroupResource[] = [];
    for (let cursor: string | undefined; ; ) {
      const query = { tenant, limit: pageSize, cursor };
      const page = await this.#connection.call<KekGroupPage>('listKekGroups', { params: { id }, query, signal });
      groups.push(...page.items);
      if (page.next_cursor === null) return groups;
      cursor = page.next_cursor;
    }
  }

  openGroup(name: GroupKeyName, body: OpenKekGroupBody, signal: AbortSignal): Promise<KekGroupDelivery> {
    const params = { id: name.line, tenant: name.tenant, group: name.group };
    return this.#connection.call('openKekGroup', { params, body: JSON.stringify(body), signal });
  }

  /** By the connection that there is, wherever the address leads: the octets are signed. */
  async fetchCrl(point: string | undefined, signal: AbortSignal): Promise<Uint8Array> {
    const accept = 'application/pkix-crl';
    const [, issuer, shard] = shardPattern.exec(point ?? '') ?? [];
    if (point === undefined || issuer === undefined || shard === undefined)
      return this.#connection.fetch('getCrl', { accept, signal });
    const params = { issuer, shard };
    const known = this.#crls.get(point);
    const headers = known === undefined ? {} : { 'if-none-match': known.etag };
    const {
      statusCode,
      headers: answered,
      bytes,
    } = await this.#connection.exchange('downloadCrlShard', {
      ...{ params, accept, headers, signal },
    });
    if (known !== undefined && statusCode === 304) return known.der;
    if (typeof answered['etag'] === 'string') this.#crls.set(point, { etag: answered['etag'], der: bytes });
    return bytes;
  }

  report(line: string, body: ReportKekBody): Promise<KekConsumerReport> {
    return this.#connection.call('reportKek', { params: { id: line }, body: JSON.stringify(body) });
  }

  rotateKek(id: string): Promise<KekResource> {
    return this.#connection.call('rotateKek', { params: { id } });
  }

  watch(onChange: (isNews: boolean) => void): () => void {
    const feed = new ChangeFeed(() => this.#connection, ['keks']);
    this.#feed = feed;
    for (const event of ['keks', 'reset'] as const) feed.on(event, () => onChange(true));
    feed.on('connected', ({ resumed }) => {
      if (!resumed) onChange(false);
    });
    feed.start();
    return () => void feed.stop();
  }

  async close(): Promise<void> {
    await this.#feed?.stop();
    if (this.#isOwner) await this.#connection.close();
  }

  /** A page as it is now: the one that is here when the server says that nothing in it has changed. */
  async #askForPage(cursor: string | undefined, signal: AbortSignal): Promise<TaggedPage> {
    const known = this.#pages.find((page) => page.cursor === cursor && page.etag !== undefined);
    const answer = await this.#connection.exchange('listKeks', {
      query: { limit: pageSize, cursor },
      accept: 'application/json',
      headers: known?.etag === undefined ? {} : { 'if-none-match': known.etag },
      signal,
    });
    if (known !== undefined && answer.statusCode === 304) return known;
    const { etag } = answer.headers;
    return { cursor, etag: typeof etag === 'string' ? etag : undefined, content: parse<KekPage>(answer) };
  }
}

/** A page of the list, and the tag by which the server knows it again. */
interface TaggedPage {
  /** Undefined: the first one. */
  readonly cursor: string | undefined;
  readonly etag: string | undefined;
  readonly content: KekPage;
}

/** What signs requests for deliveries: the pair that the connection shows too. */
export function serviceIdentity({ certificatePem, keyPem }: ClientIdentity): ServiceIdentity {
  return { certificate: new Uint8Array(new X509Certificate(certificatePem).raw), privateKey: createPrivateKey(keyPem) };
}

function parse<Value>({ bytes }: ApiAnswer): Value {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Value;
}
