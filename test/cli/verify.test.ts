import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { parsePem } from '@vcc-pki/asn1';
import { encodeCertsOnlyCms, parseCertificate, serialToHex } from '@vcc-pki/x509';
import { request } from 'undici';
import { exitCodes } from '../../apps/cli/src/exit-codes.ts';
import { forgeCertificate } from '../support/forged-certificate.ts';
import { publishedCrls, publishedCrlsWith } from '../support/published-crls.ts';
import { runProgram } from '../support/run-program.ts';
import type { IssuedIdentity } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';
import { skipWithout, systemProgram } from '../support/system-program.ts';
import { assertGolden } from './support/golden.ts';
import { runCommand, runJson } from './support/run-cli.ts';
import { bothAt, checksThat, opensslAccepts, verifyJson } from './support/verdict.ts';
import { withoutChance } from './support/without-chance.ts';

const dayMs = 86_400_000;

/** One question to both judges about the certificates of a real PKI; `LEAF` and the like stand for files. */
interface Case {
  readonly name: string;
  readonly ours: readonly string[];
  readonly openssl: readonly string[];
  /** Code of the refusal; absent when the certificate is to be accepted. */
  readonly refused?: string;
  /** Every check that fails. */
  readonly failed?: readonly string[];
}

const later = bothAt(Date.now() + 5000 * dayMs);
const earlier = bothAt(Date.now() - 5000 * dayMs);
const trusted = ['-CAfile', 'ROOT', '-untrusted', 'INTERMEDIATE'];
const crls = ['--crl', 'ROOT_CRL', '--crl', 'CRL'];
const opensslCrls = ['-crl_check_all', '-CRLfile', 'ROOT_CRL', '-CRLfile', 'CRL'];

const cases: readonly Case[] = [
  { name: 'a full chain', ours: ['FULLCHAIN'], openssl: [...trusted, 'LEAF'] },
  {
    name: 'a certificate and its issuer apart',
    ours: ['LEAF', '--untrusted', 'INTERMEDIATE'],
    openssl: [...trusted, 'LEAF'],
  },
  {
    name: 'a certificate without its issuer',
    ours: ['LEAF'],
    openssl: ['-CAfile', 'ROOT', 'LEAF'],
    refused: 'unknownIssuer',
    failed: ['path'],
  },
  {
    name: 'an expired one',
    ours: ['FULLCHAIN', ...later.ours],
    openssl: [...trusted, ...later.openssl, 'LEAF'],
    refused: 'expired',
    failed: ['validity'],
  },
  {
    name: 'one that is not valid yet',
    ours: ['FULLCHAIN', ...earlier.ours],
    openssl: [...trusted, ...earlier.openssl, 'LEAF'],
    refused: 'notYetValid',
    failed: ['validity'],
  },
  {
    name: 'the right name',
    ours: ['FULLCHAIN', '--server-name', 'localhost', '--purpose', 'serverAuth'],
    openssl: [...trusted, '-verify_hostname', 'localhost', '-purpose', 'sslserver', 'LEAF'],
  },
  {
    name: 'the right address',
    ours: ['FULLCHAIN', '--server-name', '127.0.0.1'],
    openssl: [...trusted, '-verify_ip', '127.0.0.1', 'LEAF'],
  },
  {
    name: 'a wrong name',
    ours: ['FULLCHAIN', '--server-name', 'pki.example'],
    openssl: [...trusted, '-verify_hostname', 'pki.example', 'LEAF'],
    refused: 'serverNameMismatch',
    failed: ['serverName'],
  },
  {
    name: 'a wrong address',
    ours: ['FULLCHAIN', '--server-name', '192.0.2.1'],
    openssl: [...trusted, '-verify_ip', '192.0.2.1', 'LEAF'],
    refused: 'serverNameMismatch',
    failed: ['serverName'],
  },
  {
    name: "a client's certificate for a server",
    ours: ['CLIENT', '--untrusted', 'INTERMEDIATE', '--purpose', 'serverAuth'],
    openssl: [...trusted, '-purpose', 'sslserver', 'CLIENT'],
    refused: 'purposeNotAllowed',
    failed: ['purpose'],
  },
  {
    name: "a client's certificate for a client",
    ours: ['CLIENT', '--untrusted', 'INTERMEDIATE', '--purpose', 'clientAuth'],
    openssl: [...trusted, '-purpose', 'sslclient', 'CLIENT'],
  },
  {
    name: 'one that is not in the CRLs',
    ours: ['FULLCHAIN', ...crls, '--revocation', 'require'],
    openssl: [...trusted, ...opensslCrls, 'LEAF'],
  },
  {
    name: 'a revoked one',
    ours: ['REVOKED', '--untrusted', 'INTERMEDIATE', ...crls],
    openssl: [...trusted, ...opensslCrls, 'REVOKED'],
    refused: 'revoked',
    failed: ['revocation'],
  },
  {
    name: 'a revoked one whose revocation nobody asks for',
    ours: ['REVOKED', '--untrusted', 'INTERMEDIATE', ...crls, '--revocation', 'none'],
    openssl: [...trusted, 'REVOKED'],
  },
  {
    name: 'a CRL missing where all are required',
    ours: ['FULLCHAIN', '--crl', 'CRL', '--revocation', 'require'],
    openssl: [...trusted, '-crl_check_all', '-CRLfile', 'CRL', 'LEAF'],
    refused: 'revocationUndetermined',
    failed: ['revocation'],
  },
  {
    name: 'one that calls itself by the same names, signed by itself',
    ours: ['SELF_SIGNED', '--untrusted', 'INTERMEDIATE'],
    openssl: [...trusted, 'SELF_SIGNED'],
    refused: 'unknownIssuer',
    failed: ['path'],
  },
  {
    name: "a forger's CA of the same name",
    ours: ['FORGED', '--untrusted', 'INTERMEDIATE'],
    openssl: [...trusted, 'FORGED'],
    refused: 'badSignature',
    failed: ['signatures'],
  },
];

describe('vcc-pki verify judges what a real PKI issued, as openssl does', { skip: skipWithout('openssl') }, () => {
  const shared = sharedPki();
  let leaf: IssuedIdentity;
  const files = new Map<string, string>();

  const put = async (name: string, contents: string | Uint8Array): Promise<void> => {
    const path = join(shared().directory, `${name.toLowerCase()}.pem`);
    await writeFile(path, contents);
    files.set(name, path);
  };
  const named = (args: readonly string[]): string[] => args.map((arg) => files.get(arg) ?? arg);

  before(async () => {
    const pki = shared();
    files.set('ROOT', pki.rootFile).set('INTERMEDIATE', pki.intermediateFile);
    leaf = await pki.issueFor('veritas-backend', { body: { san_dns: ['localhost'], san_ip: ['127.0.0.1'] } });
    const revoked = await pki.issueFor('covina-backend');
    const client = await pki.issueFor('clara-backend', { body: { profile: 'client' } });
    const answer = await pki.call('DELETE', `/api/v1/certificates/${revoked.certificateId}/revoke`, {
      body: { reason: 'superseded' },
    });
    assert.equal(answer.status, 200);
    const { pem } = await publishedCrlsWith(pki, serialOf(revoked.certificatePem));
    await Promise.all([
      put('LEAF', leaf.certificatePem),
      put('FULLCHAIN', leaf.cert),
      put('REVOKED', revoked.certificatePem),
      put('CLIENT', client.certificatePem),
      put('SELF_SIGNED', (await forgeCertificate(leaf.certificatePem, 'itself')).cert),
      put('FORGED', (await forgeCertificate(leaf.certificatePem, 'anotherCa')).cert),
      put('ROOT_CRL', pem.root),
      put('CRL', pem.intermediate),
    ]);
  });

  for (const { name, ours, openssl, refused, failed = [] } of cases) {
    test(`${name}: ${refused ?? 'verified'}`, async () => {
      const { code, json } = await verifyJson([...named(ours), '--ca', files.get('ROOT')!]);
      assert.equal(json.error?.code, refused);
      assert.deepEqual(checksThat('failed', json), failed);
      assert.equal(code, refused === undefined ? exitCodes.ok : exitCodes.failed);
      assert.equal(json.ok, refused === undefined);
      assert.equal(await opensslAccepts(named(openssl)), json.ok, 'openssl verify says otherwise');
    });
  }

  test('the same in DER, in PKCS #7 and from standard input', async () => {
    const [certificate, intermediate] = parsePem(leaf.cert).map(({ der }) => der) as [Uint8Array, Uint8Array];
    await Promise.all([
      put('DER', certificate),
      put('INTERMEDIATE_DER', intermediate),
      put('PKCS7', encodeCertsOnlyCms([certificate, intermediate])),
    ]);
    const ca = ['--ca', shared().rootFile];
    for (const args of [['DER', '--untrusted', 'INTERMEDIATE_DER'], ['PKCS7'], ['DER', '--untrusted', 'PKCS7']]) {
      assert.equal((await verifyJson([...named(args), ...ca])).code, exitCodes.ok, args.join(' '));
    }
    assert.equal((await runCommand(['verify', '-', ...ca], { stdin: leaf.cert })).code, exitCodes.ok);
  });

  test('the root of the PKI in --dir is trusted without --ca', async () => {
    const { code } = await runCommand(['verify', files.get('FULLCHAIN')!, '--dir', shared().directory]);
    assert.equal(code, exitCodes.ok);
  });

  test('a verified path is told from the certificate to the root, with the files and the evidence', async () => {
    const args = named(['FULLCHAIN', ...crls]);
    const { json } = await verifyJson([...args, '--ca', shared().rootFile]);
    const [fullchain, root] = [files.get('FULLCHAIN'), files.get('ROOT')];
    assert.equal(json.path.complete, true);
    assert.deepEqual(
      json.path.certificates.map(({ file }) => file),
      [fullchain, fullchain, root],
    );
    assert.deepEqual(
      json.revocation?.map(({ index, status, sources }) => [index, status, sources.map(({ type }) => type)]),
      [
        [0, 'good', ['crl']],
        [1, 'good', ['crl']],
      ],
    );
    assert.deepEqual(checksThat('skipped', json), ['purpose', 'serverName']);
  });

  test('everything that is wrong shows at once', async () => {
    const asked = ['--purpose', 'codeSigning', '--server-name', 'pki.example', ...later.ours];
    const { json } = await verifyJson([...named(['FULLCHAIN']), ...asked, '--ca', shared().rootFile]);
    assert.deepEqual(checksThat('failed', json), ['validity', 'purpose', 'serverName']);
    const alone = await verifyJson([...named(['LEAF']), ...asked, '--ca', shared().rootFile]);
    assert.deepEqual(checksThat('failed', alone.json), ['path', 'validity', 'purpose', 'serverName']);
  });

  test('what people see reads as verify-transcript.txt has it', async () => {
    const asked = ['--purpose', 'serverAuth', '--server-name', 'localhost'];
    const steps: string[] = [];
    for (const words of [
      ['FULLCHAIN', ...asked, ...crls],
      ['LEAF'],
      ['FULLCHAIN', '--purpose', 'codeSigning', '--server-name', 'pki.example', ...later.ours],
      ['REVOKED', '--untrusted', 'INTERMEDIATE', ...crls],
      ['SELF_SIGNED'],
      ['FORGED', '--untrusted', 'INTERMEDIATE'],
    ]) {
      const { code, stdout, stderr } = await runCommand(['verify', ...named(words), '--ca', shared().rootFile]);
      const places = { PKI: shared().directory };
      const typed = withoutChance(words.join(' '), places);
      steps.push(`$ vcc-pki verify ${typed}\n${withoutChance(stdout + stderr, places)}[exit code ${code}]\n`);
    }
    await assertGolden('verify-transcript.txt', steps.join('\n'));
  });

  test('what is no certificate, no CRL or not there is told by its file', async () => {
    const root = ['--ca', shared().rootFile];
    const key = join(shared().directory, 'admin-cli/key.pem');
    for (const args of [
      ['verify', key, ...root],
      ['verify', files.get('FULLCHAIN')!, '--ca', key],
      ['verify', files.get('FULLCHAIN')!, ...root, '--crl', files.get('LEAF')!],
      ['verify', files.get('FULLCHAIN')!, ...root, '--ocsp', files.get('CRL')!],
      ['verify', join(shared().directory, 'nothing.pem'), ...root],
    ]) {
      const { code, json } = await runJson<{ code: string }>(args);
      assert.deepEqual([code, json.code], [exitCodes.failed, 'fileUnreadable'], args.join(' '));
    }
  });

  test('without a root, or with an option that there is not, the usage is wrong', async () => {
    for (const args of [
      ['--dir', join(shared().directory, 'config')],
      ['--ca', shared().rootFile, '--at', 'yesterday'],
      ['--ca', shared().rootFile, '--purpose', 'everything'],
      ['--ca', shared().rootFile, '--revocation', 'maybe'],
    ]) {
      const { code, json } = await runJson<{ code: string }>(['verify', files.get('FULLCHAIN')!, ...args]);
      assert.deepEqual([code, json.code], [exitCodes.usage, 'usage'], args.join(' '));
    }
  });

  test('the CRL and the OCSP answer that the certificate itself names are evidence', async () => {
    const urlsIn = async (name: string): Promise<string[]> => {
      const { stdout } = await runCommand(['inspect', files.get('FULLCHAIN')!]);
      const own = stdout.slice(0, stdout.indexOf('2 of 2'));
      return [...own.matchAll(new RegExp(`${name}.*URI:(\\S+)`, 'g'))].map((match) => match[1]!);
    };
    const [crlUrl] = await urlsIn('cRLDistributionPoints');
    const crl = await request(crlUrl!);
    await put('NAMED_CRL', Buffer.from(await crl.body.arrayBuffer()));
    const byCrl = await verifyJson([...named(['FULLCHAIN', '--crl', 'NAMED_CRL']), '--ca', shared().rootFile]);
    assert.deepEqual(
      byCrl.json.revocation?.[0]?.sources.map(({ type }) => type),
      ['crl'],
    );

    const [ocspUrl] = await urlsIn('OCSP responder');
    const answer = join(shared().directory, 'answer.ors');
    const asked = ['-issuer', shared().intermediateFile, '-cert', files.get('LEAF')!, '-url', ocspUrl!];
    const options = ['-noverify', '-respout', answer];
    await runProgram(systemProgram('openssl'), ['ocsp', ...asked, ...options]);
    const byOcsp = await verifyJson([...named(['FULLCHAIN']), '--ocsp', answer, '--ca', shared().rootFile]);
    assert.deepEqual(
      byOcsp.json.revocation?.[0]?.sources.map(({ type }) => type),
      ['ocsp'],
    );
  });

  test('the full CRL of the server is evidence too', async () => {
    const crl = join(shared().directory, 'full.crl');
    const shown = await runCommand(['crl', 'show', '--der', crl, '--dir', shared().directory]);
    assert.equal(shown.code, exitCodes.ok, shown.stderr);
    const rootCrl = join(shared().directory, 'root.crl');
    await writeFile(rootCrl, (await publishedCrls(shared())).root);
    const evidence = ['--crl', crl, '--crl', rootCrl, '--revocation', 'require', '--ca', shared().rootFile];
    assert.equal((await verifyJson([...named(['FULLCHAIN']), ...evidence])).code, exitCodes.ok);
    const revoked = await verifyJson([...named(['REVOKED', '--untrusted', 'INTERMEDIATE']), ...evidence]);
    assert.equal(revoked.json.error?.code, 'revoked');
  });
});

function serialOf(pem: string): string {
  return serialToHex(parseCertificate(parsePem(pem)[0]!.der).serialNumber);
}
