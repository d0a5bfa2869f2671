import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { act, output, say } from './narrator.ts';
import { startPki } from './pki-process.ts';
import { serveMtls, talkMtls } from './two-services.ts';

/**
 * `npm run tour`: from an empty folder to a revoked client that is refused, with the commands a person would type, the
 * real server and real TLS. Ends by itself; exit 0 means that every step did what it says.
 */
const directory = await mkdtemp(join(tmpdir(), 'vcc-pki-tour-'));
const certs = join(directory, 'certs');
const folderOf = (service: string): string => join(certs, service);

try {
  say('An empty folder becomes a CA: a root to be carried away, and an intermediate that works.');
  const pki = await startPki(directory);

  say('Two services get a certificate each. Their keys are made here and never leave.');
  await pki.run('create-certificate', '--service', 'veritas-backend', '--validity', '90', '--out', certs);
  await pki.run('create-certificate', '--service', 'covina-backend', '--validity', '90', '--out', certs);
  await pki.run('list');

  say('An outside judge looks at one: openssl, with its strictest settings.');
  await pki.openssl(
    ...['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', join(folderOf('veritas-backend'), 'root-ca.pem')],
    ...['-untrusted', join(folderOf('veritas-backend'), 'fullchain.pem')],
    join(folderOf('veritas-backend'), 'cert.pem'),
  );

  say('Veritas serves, Covina calls it: mutual TLS, both sides verified against the root and the CRLs.');
  const crls = await pki.crls();
  const server = await serveMtls(folderOf('veritas-backend'), crls);
  act('covina-backend -> veritas-backend', await talkMtls(server.port, folderOf('covina-backend'), crls));

  say('Covina renews: a new key, a new certificate; the old one stays valid until it ends.');
  await pki.run('renew', 'covina-backend', '--out', certs);
  act('covina-backend, renewed -> veritas-backend', await talkMtls(server.port, folderOf('covina-backend'), crls));

  say("Covina's key is lost. Its certificate is revoked, and the key is blocked.");
  const lost = JSON.parse(await readFile(join(folderOf('covina-backend'), 'metadata.json'), 'utf8')) as {
    certificate_id: string;
  };
  await pki.run('revoke', lost.certificate_id, '--reason', 'key_compromise', '--yes');
  await server.close();

  say('The PKI server refuses it at the very next request, and so does Veritas with the new CRL.');
  await pki.refuses('list', folderOf('covina-backend'));
  const newCrls = await pki.crls({ listing: lost.certificate_id });
  const strict = await serveMtls(folderOf('veritas-backend'), newCrls);
  const answer = await talkMtls(strict.port, folderOf('covina-backend'), newCrls);
  await strict.close();
  if (!answer.includes('CERT_REVOKED')) throw new Error(`a revoked client was let in: ${answer}`);
  act('covina-backend, revoked -> veritas-backend', answer);

  say('All of it is in the audit log, chained by hashes.');
  await pki.run('audit', 'verify');
  await pki.stop();
  say('That was the tour. Your own PKI: npm start');
} catch (error) {
  output(await readFile(join(directory, 'server.log'), 'utf8').catch(() => 'the server wrote no log'));
  throw error;
} finally {
  await rm(directory, { recursive: true, force: true });
}
