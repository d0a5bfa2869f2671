import { CertificateFiles, CertificateKeeper, ClientError } from '@vcc-pki/client';

/** Renews once, for a process whose files may not grow: `renew-on-full-disk.ts FOLDER URL`. Prints the code of the error. */
const [folder = '', url = ''] = process.argv.slice(2);
const files = CertificateFiles.inFolder(folder);
const keeper = new CertificateKeeper({ serviceId: 'veritas-backend', pkiServerUrl: url, files });
try {
  await keeper.renew();
  console.log('renewed');
} catch (error) {
  console.log(error instanceof ClientError ? error.code : error);
}
await keeper.stop();
