import { DerError } from '@vcc-pki/asn1';
import { decodeEntryExtensions, derMalformed } from './der-malformed.ts';
import type { EntryRule, Finding, Rule, RuleDescription, Target } from './rule.ts';
import { certificateRules } from './rules/certificate-rules.ts';
import { crlEntryRules } from './rules/crl-entry-rules.ts';
import { crlRules } from './rules/crl-rules.ts';
import { requestRules } from './rules/request-rules.ts';
import { CertificateView } from './view/certificate-view.ts';
import { CrlView } from './view/crl-view.ts';
import { RequestView } from './view/request-view.ts';

const leafRules = certificateRules.filter((rule) => appliesTo(rule, 'leaf'));
const caRules = certificateRules.filter((rule) => appliesTo(rule, 'ca'));

/**
 * Runs every rule for a leaf or, when basicConstraints says so, for a CA over a finished certificate.
 *
 * @param der the certificate; its signature is not looked at and may be a placeholder.
 * @returns what is wrong, in the order of the rules; empty when nothing is. Bytes that cannot be read are a finding, `der_malformed`.
 */
export function lintCertificate(der: Uint8Array): Finding[] {
  return collect((report) => {
    const view = new CertificateView(der);
    runRules(view.isCa ? caRules : leafRules, view, report);
  });
}

/**
 * Runs every rule for PKCS #10 over a certification request (RFC 2986). Whether the names asked for are allowed is policy, not lint.
 *
 * @param der the request; its signature is not looked at.
 * @returns as {@link lintCertificate}.
 */
export function lintCertificateRequest(der: Uint8Array): Finding[] {
  return collect((report) => runRules(requestRules, new RequestView(der), report));
}

/**
 * Runs every rule for CRLs and their entries over a finished CRL. Of each entry rule the first finding is reported.
 * It takes a few microseconds an entry: a CRL of more than some 10,000 is better read off the main thread.
 *
 * @param der the CRL; its signature is not looked at and may be a placeholder.
 * @returns as {@link lintCertificate}.
 */
export function lintCrl(der: Uint8Array): Finding[] {
  return collect((report) => {
    const view = new CrlView(der);
    runRules(crlRules, view, report);
    runEntryRules(view, report);
  });
}

type Report = (rule: RuleDescription, message: string) => void;

/** Runs `run` and turns the first {@link DerError} it reports or throws into the finding `der_malformed`. */
function collect(run: (report: Report) => void): Finding[] {
  const findings: Finding[] = [];
  const report: Report = ({ id, source, severity }, message) => {
    findings.push({ ruleId: id, source, severity, message });
  };
  try {
    run(report);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    report(derMalformed, error.message);
  }
  return findings;
}

/** `derMalformed` stands first in every list: once it has passed, no other rule meets an extension that it cannot decode. */
function runRules<View>(rules: readonly Rule<View>[], view: View, report: Report): void {
  for (const rule of rules) {
    const message = rule.check(view);
    if (message !== undefined) report(rule, message);
  }
}

function runEntryRules(crl: CrlView, report: Report): void {
  let pending: readonly EntryRule[] = crlEntryRules;
  for (const entry of crl.entries()) {
    decodeEntryExtensions(entry.extensions);
    for (const rule of pending) {
      const message = rule.checkEntry(entry, crl);
      if (message === undefined) continue;
      report(rule, message);
      pending = pending.filter((other) => other !== rule);
    }
  }
}

function appliesTo(rule: RuleDescription, kind: 'leaf' | 'ca'): boolean {
  const targets: readonly Target[] = rule.appliesTo;
  return targets.includes('certificate') || targets.includes(kind);
}
