import { readFile } from 'node:fs/promises';
import { CertificateFiles, type CertificateMaterial } from '@vcc-pki/client';
import { crashAfter } from './crash-point.ts';

/** Installs a certificate and kills itself on the way: `install-victim.ts FOLDER MATERIAL STEPS`. */
const [folder = '', material = '', steps = ''] = process.argv.slice(2);
const arrived = JSON.parse(await readFile(material, 'utf8')) as CertificateMaterial;
crashAfter(Number(steps), () => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
});
await CertificateFiles.inFolder(folder).install(
  { wish: 'w', idempotencyKey: 'k', body: '{}', keyPem: arrived.key },
  arrived,
);
