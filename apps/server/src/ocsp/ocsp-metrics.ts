import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The instruments of the OCSP responder; every label has a handful of values, whatever is asked. */
export interface OcspMetrics {
  /** `good`, `revoked` and `unknown` for each certificate asked about; else the error that the request was answered with. */
  readonly answers: Counter<'result'>;
  /** `hit`, `miss`, or `bypass` for requests that no kept answer can serve: a nonce, several certificates. */
  readonly cache: Counter<'outcome'>;
  readonly signSeconds: Histogram;
  readonly responderNotAfter: Gauge<'issuer'>;
}

/** Upper bounds in seconds; a P-256 signature takes some 50 µs, RSA-4096 some 5 ms, and both may have to wait for a thread. */
const buckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];

export function createOcspMetrics(registry: Registry): OcspMetrics {
  const registers = [registry];
  return {
    answers: new Counter({
      name: 'vcc_pki_ocsp_answers_total',
      help: 'OCSP answers by certificate status or error',
      labelNames: ['result'],
      registers,
    }),
    cache: new Counter({
      name: 'vcc_pki_ocsp_cache_total',
      help: 'OCSP requests answered from memory (hit), signed and kept (miss), or signed for this request alone (bypass)',
      labelNames: ['outcome'],
      registers,
    }),
    signSeconds: new Histogram({
      name: 'vcc_pki_ocsp_sign_duration_seconds',
      help: 'Time of one OCSP signature, with its wait for a thread',
      registers,
      buckets,
    }),
    responderNotAfter: new Gauge({
      name: 'vcc_pki_ocsp_responder_not_after_timestamp_seconds',
      help: "End of validity of the OCSP responder's certificate",
      labelNames: ['issuer'],
      registers,
    }),
  };
}
