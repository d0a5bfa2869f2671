import { fileURLToPath } from 'node:url';

/** OpenSSL's generation: its functions keep their form within one. */
export const opensslMajor = Number(process.versions.openssl.split('.')[0]);

/** Where the accelerator for this kind of machine and this OpenSSL lies once it is built: inside of the package alone. */
export const acceleratorFile = fileURLToPath(
  new URL(
    `../../native/build/accelerator-${process.platform}-${process.arch}-openssl${opensslMajor}.node`,
    import.meta.url,
  ),
);

/** Its source. */
export const acceleratorSource = fileURLToPath(new URL('../../native/accelerator.c', import.meta.url));
