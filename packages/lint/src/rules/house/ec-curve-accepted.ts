import type { Rule } from '../../rule.ts';
import { Curve, type Keyed } from '../../view/public-key.ts';

const accepted: ReadonlySet<string> = new Set([Curve.p256, Curve.p384]);

export const houseEcCurveAccepted: Rule<Keyed> = {
  id: 'house_ec_curve_accepted',
  source: 'House rule (CA/B BR 6.1.5 without P-521)',
  text: 'An EC key lies on P-256 or P-384.',
  severity: 'error',
  appliesTo: ['certificate', 'csr'],
  check: ({ publicKey: { curve } }) =>
    curve === undefined || accepted.has(curve) ? undefined : `the curve ${curve} is not accepted`,
};
