import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '../agent-error.ts';
import type { Endpoint } from '../config/agent-config.ts';
import type { Material } from '../outputs/material.ts';
import { endpointText } from './endpoint-text.ts';
import { fetchServedCertificate } from './served-certificate.ts';

/** What is known about one endpoint. */
export interface EndpointProof {
  /** As {@link endpointText} writes it. */
  readonly endpoint: string;
  readonly proven: boolean;
  /** SHA-256 of the certificate that was seen last, lower-case hex; undefined when there was no handshake. */
  readonly servedFingerprint: string | undefined;
  /** Why it is not proven. */
  readonly problem: string | undefined;
  /** When it was looked at last, in milliseconds. */
  readonly at: number;
}

export interface ProofTask {
  readonly endpoints: readonly Endpoint[];
  /** Of the certificate that must be served. */
  readonly fingerprint: string;
  readonly material: Material;
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** The first looks come quickly, since most programs have the new certificate within the second; later ones are spared. */
const firstPauseMs = 50;
const longestPauseMs = 5_000;

/**
 * Looks at every endpoint until it serves the new certificate, or the time is over. Each is tried on its own: one that
 * hangs does not keep the others.
 */
export async function prove(task: ProofTask): Promise<EndpointProof[]> {
  return Promise.all(task.endpoints.map((endpoint) => proveOne(endpoint, task)));
}

async function proveOne(endpoint: Endpoint, task: ProofTask): Promise<EndpointProof> {
  const deadline = performance.now() + task.timeoutMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const proof = await look(endpoint, task);
    const leftMs = deadline - performance.now();
    if (proof.proven || leftMs <= 0 || task.signal.aborted) return proof;
    // Half to the whole of the pause, so that the endpoints of a host are not all looked at in the same moment.
    const jittered = pauseMs * (0.5 + Math.random() / 2);
    await delay(Math.min(jittered, leftMs), undefined, { signal: task.signal }).catch(() => {
      // Told to stop: the last look is the answer.
    });
  }
}

async function look(endpoint: Endpoint, { material, fingerprint, now }: ProofTask): Promise<EndpointProof> {
  const name = endpointText(endpoint);
  try {
    const served = await fetchServedCertificate(endpoint, material);
    const problem =
      served.fingerprint !== fingerprint
        ? 'another certificate is served'
        : served.chainError === undefined
          ? undefined
          : `the chain that is served does not lead to the root: ${served.chainError}`;
    const servedFingerprint = served.fingerprint;
    return { endpoint: name, proven: problem === undefined, servedFingerprint, problem, at: now() };
  } catch (error) {
    const { message } = describeError(error);
    const problem = `no handshake: ${message}`;
    return { endpoint: name, proven: false, servedFingerprint: undefined, problem, at: now() };
  }
}
