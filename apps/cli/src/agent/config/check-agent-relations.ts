import { isAbsolute, relative } from 'node:path';
import type { Finding, KeyPath, YamlSource } from '@vcc-pki/server/config-file';
import type { AgentConfig } from './agent-config.ts';
import type { AgentFile } from './agent-schema.ts';

type CertificateValues = AgentFile['certificates'][number];
type OutputValues = CertificateValues['outputs'][number];

interface Relation {
  readonly holds: boolean;
  readonly path: KeyPath;
  readonly message: string;
}

/** A port that exists (RFC 6335 s6); 0 is none to connect to. */
const maxPort = 65_535;

/** Checks what no value shows alone: pairs that belong together, and places used twice. */
export function checkAgentRelations(values: AgentFile, config: AgentConfig, source: YamlSource): Finding[] {
  const relations = [
    ...values.certificates.flatMap((certificate, i) => [
      ...certificateRelations(certificate, config, ['certificates', i]),
      ...certificate.outputs.flatMap((output, j) => outputRelations(output, ['certificates', i, 'outputs', j])),
    ]),
    ...nameRelations(config),
    ...folderRelations(config),
  ];
  return relations.filter(({ holds }) => !holds).map(({ path, message }) => source.finding('conflict', path, message));
}

function certificateRelations(values: CertificateValues, config: AgentConfig, path: KeyPath): Relation[] {
  const { existing_cert_file: certFile, existing_key_file: keyFile, enrolment_token_file: tokenFile } = values;
  return [
    {
      holds: (certFile === undefined) === (keyFile === undefined),
      path: [...path, certFile === undefined ? 'existing_key_file' : 'existing_cert_file'],
      message: 'existing_cert_file and existing_key_file belong together',
    },
    {
      holds: certFile === undefined || tokenFile === undefined,
      path: [...path, 'enrolment_token_file'],
      message: 'there is an existing certificate, too; the first certificate comes from one of them',
    },
    {
      holds: values.validity_days === undefined || values.validity_hours === undefined,
      path: [...path, 'validity_hours'],
      message: 'there is validity_days, too',
    },
    {
      holds: config.rootCaFile !== undefined || tokenFile !== undefined,
      path: [...path, 'name'],
      message: 'neither pki_server.root_ca_file nor an enrolment token says which root to trust',
    },
    ...values.proof.endpoints.map(({ address }, k) => {
      const port = Number(address.slice(address.lastIndexOf(':') + 1));
      return {
        holds: port >= 1 && port <= maxPort,
        path: [...path, 'proof', 'endpoints', k, 'address'],
        message: `${port} is no port`,
      };
    }),
  ];
}

function outputRelations({ reload, files, adapter }: OutputValues, path: KeyPath): Relation[] {
  const names = Object.values(files ?? {});
  const ways = [reload?.command, reload?.signal, reload?.haproxy_socket].filter((way) => way !== undefined);
  return [
    {
      holds: new Set(names).size === names.length,
      path: [...path, 'files'],
      message: 'two files have the same name',
    },
    {
      holds: files === undefined || names.length > 0,
      path: [...path, 'files'],
      message: 'has no file; leave it out for those of the adapter',
    },
    { holds: ways.length < 2, path: [...path, 'reload'], message: 'choose one: command, signal or haproxy_socket' },
    {
      holds: reload?.command === undefined || isAbsolute(reload.command[0] ?? ''),
      path: [...path, 'reload', 'command'],
      message: 'the program needs an absolute path',
    },
    {
      holds: reload?.signal === undefined || reload.pid_file !== undefined || hasDefaultPidFile(adapter),
      path: [...path, 'reload', 'signal'],
      message: 'needs pid_file',
    },
    {
      holds:
        reload?.haproxy_socket === undefined ||
        (adapter === 'haproxy' && (files?.combined !== undefined || files === undefined)),
      path: [...path, 'reload', 'haproxy_socket'],
      message: 'is for the adapter haproxy and its combined file',
    },
  ];
}

function hasDefaultPidFile(adapter: OutputValues['adapter']): boolean {
  return adapter === 'nginx' || adapter === 'haproxy';
}

function nameRelations({ certificates }: AgentConfig): Relation[] {
  const seen = new Set<string>();
  return certificates.map(({ name }, i) => {
    const holds = !seen.has(name);
    seen.add(name);
    return { holds, path: ['certificates', i, 'name'], message: 'another certificate has this name' };
  });
}

/** An output folder is the agent's alone: not the state folder, nor within it or around it, and not another output. */
function folderRelations({ certificates, stateDir }: AgentConfig): Relation[] {
  const seen = new Set<string>();
  return certificates.flatMap(({ outputs }, i) =>
    outputs.flatMap(({ folder }, j) => {
      const path = ['certificates', i, 'outputs', j, 'folder'];
      const isFirst = !seen.has(folder);
      seen.add(folder);
      return [
        { holds: isFirst, path, message: 'another output has this folder' },
        { holds: !overlap(folder, stateDir), path, message: 'overlaps state_dir' },
      ];
    }),
  );
}

function overlap(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith('../') || isAbsolute(way));
}
