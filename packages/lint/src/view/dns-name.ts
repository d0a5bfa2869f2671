import type { Extended } from './extension.ts';
import { subjectAltName } from './extensions/subject-alt-name.ts';

/** The dNSNames of the subjectAltName. */
export function dnsNamesOf(view: Extended): readonly string[] {
  return view.extensions.read(subjectAltName)?.dnsNames ?? [];
}

/** The labels of a dNSName, left-most first; one trailing dot, which has a rule of its own, is left out. */
export function labelsOf(dnsName: string): string[] {
  return (dnsName.endsWith('.') ? dnsName.slice(0, -1) : dnsName).split('.');
}
