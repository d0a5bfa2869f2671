import { join } from 'node:path';
import type { FileContent, OutputConfig } from '../config/agent-config.ts';

/** A certificate as its files need it; all PEM. */
export interface Material {
  readonly certPem: string;
  readonly keyPem: string;
  /** The certificate and its issuers without the root, leaf first (RFC 8446 s4.4.2). */
  readonly fullchainPem: string;
  /** The root. */
  readonly caPem: string;
}

/** One file to be written. */
export interface OutputFile {
  readonly name: string;
  readonly contents: string;
  /** Only its owner, or also its group, may read it. */
  readonly isPrivate: boolean;
}

/** The files of an output, whole. */
export function outputFiles(output: OutputConfig, material: Material): OutputFile[] {
  return Object.entries(output.files).map(([content, name]) => ({
    name,
    contents: contentsOf(content as FileContent, output, material),
    isPrivate: content === 'key' || content === 'combined',
  }));
}

function contentsOf(content: FileContent, output: OutputConfig, material: Material): string {
  switch (content) {
    case 'cert':
      return material.certPem;
    case 'key':
      return material.keyPem;
    case 'fullchain':
      return material.fullchainPem;
    case 'ca':
      return material.caPem;
    case 'combined':
      return `${material.fullchainPem}${material.keyPem}`;
    case 'sdsCertificate':
      return sdsFile({ name: output.secretName, tls_certificate: sdsCertificate(output) });
    case 'sdsValidation':
      return sdsFile({ name: `${output.secretName}-ca`, validation_context: sdsValidation(output) });
  }
}

/** The answer of a secret discovery service as Envoy reads it from a file. */
function sdsFile(secret: object): string {
  const type = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
  return `${JSON.stringify({ resources: [{ '@type': type, ...secret }] }, null, 2)}\n`;
}

/** `watched_directory`: Envoy reads both files again, together, when something is renamed in the folder. */
function sdsCertificate(output: OutputConfig): object {
  return {
    certificate_chain: { filename: pathOf('fullchain', output) },
    private_key: { filename: pathOf('key', output) },
    watched_directory: { path: output.folder },
  };
}

function sdsValidation(output: OutputConfig): object {
  return { trusted_ca: { filename: pathOf('ca', output) }, watched_directory: { path: output.folder } };
}

function pathOf(content: 'fullchain' | 'key' | 'ca', { folder, files }: OutputConfig): string {
  const name = files[content];
  if (name === undefined) throw new TypeError(`an output for Envoy has no ${content}`);
  return join(folder, name);
}
