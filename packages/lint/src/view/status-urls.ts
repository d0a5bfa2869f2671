import type { Extended } from './extension.ts';
import { authorityInfoAccess } from './extensions/authority-info-access.ts';
import { crlDistributionPoints, freshestCrl } from './extensions/distribution-points.ts';
import { type GeneralName, GeneralNameTag, textsOf } from './general-name.ts';

/** Every URI that leads to revocation information or to the issuer's certificate: CRLDP, freshest CRL, AIA. */
export function statusUrls(view: Extended): string[] {
  const names: GeneralName[] = [];
  for (const type of [crlDistributionPoints, freshestCrl]) {
    for (const point of view.extensions.read(type) ?? []) names.push(...(point.fullName ?? []));
  }
  for (const { location } of view.extensions.read(authorityInfoAccess) ?? []) names.push(location);
  return textsOf(names, GeneralNameTag.uniformResourceIdentifier);
}
