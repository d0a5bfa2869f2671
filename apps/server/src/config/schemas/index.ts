import type { Static } from 'typebox';
import { section } from '../setting.ts';
import { intermediateCa, rootCa } from './certificate-authorities.ts';
import { changeFeed } from './change-feed.ts';
import { enrolment } from './enrolment.ts';
import { keks } from './keks.ts';
import { ocsp } from './ocsp.ts';
import { outbound } from './outbound.ts';
import { pkiServer } from './pki-server.ts';
import { registry } from './registry.ts';
import { rotation, rotationPolicy } from './rotation.ts';
import { security } from './security.ts';
import { serviceCertificates } from './service-certificates.ts';
import { patterns, services } from './service-whitelist.ts';
import { webhooks } from './webhooks.ts';

/** The three files, by name, in the order in which findings are told. */
export const schemas = {
  'pki_config.yaml': section({
    pki_server: pkiServer,
    root_ca: rootCa,
    intermediate_ca: intermediateCa,
    service_certificates: serviceCertificates,
    security,
    ocsp,
    enrolment,
    rotation,
    webhooks,
    outbound,
    registry,
    change_feed: changeFeed,
    keks,
  }),
  'service_whitelist.yaml': section({ services, patterns }),
  'rotation_policy.yaml': section({ rotation_policy: rotationPolicy }),
} as const;

export type ConfigFileName = keyof typeof schemas;
export const configFileNames = Object.keys(schemas) as readonly ConfigFileName[];

/** The values of all three files, by name, keys as they are written there. */
export type ConfigFileValues = { readonly [Name in ConfigFileName]: Static<(typeof schemas)[Name]> };
