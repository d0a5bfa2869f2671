import type { NameConstraints } from '../../extensions/name-constraints.ts';
import type { GeneralName } from '../../general-name.ts';
import type { Budget } from '../limits.ts';
import type { PathCertificate } from '../path-certificate.ts';
import { PathError } from '../path-error.ts';
import { constraintForm } from './constraint-forms.ts';
import { subjectNames } from './subject-names.ts';

/**
 * The name constraints that hold for what is below the CAs passed so far (RFC 5280 s6.1.1(b), (c) and s6.1.4(g)).
 * Instead of intersecting permitted subtrees every CA's are kept, and a name must satisfy each: the same, and linear.
 */
export class NameConstraintState {
  readonly #constraints: NameConstraints[] = [];
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Takes up a CA's constraints. @throws {@link PathError} `malformedCertificate` when a base is none of its kind. */
  add(certificate: PathCertificate, index: number): void {
    const { nameConstraints } = certificate.extensions;
    if (nameConstraints === undefined) return;
    const { permittedSubtrees, excludedSubtrees } = nameConstraints;
    for (const { type, value } of [...permittedSubtrees, ...excludedSubtrees]) {
      if (constraintForm(type)?.isBase(value) === false) {
        throw new PathError('malformedCertificate', index, `a name constraint that is no ${type}`);
      }
    }
    this.#constraints.push(nameConstraints);
  }

  /** RFC 5280 s6.1.3(b) and (c). @throws {@link PathError} `nameNotPermitted` */
  check(certificate: PathCertificate, index: number): void {
    if (this.#constraints.length === 0) return;
    for (const name of subjectNames(certificate)) {
      for (const constraints of this.#constraints) this.#checkName(name, constraints, index);
    }
  }

  #checkName(name: GeneralName, { permittedSubtrees, excludedSubtrees }: NameConstraints, index: number): void {
    this.#budget.spend('maxNameComparisons', index, permittedSubtrees.length + excludedSubtrees.length);
    const permitted = permittedSubtrees.filter(({ type }) => type === name.type);
    const excluded = excludedSubtrees.filter(({ type }) => type === name.type);
    if (permitted.length + excluded.length === 0) return;
    const form = constraintForm(name.type);
    // s4.2.1.10: a constraint on a kind of name that cannot be processed refuses any such name.
    if (form?.isName(name.value) !== true) {
      throw new PathError(
        'nameNotPermitted',
        index,
        `a ${name.type} that cannot be compared with the constraint on it`,
      );
    }
    if (permitted.length > 0 && !permitted.some(({ value }) => form.isWithin(name.value, value))) {
      throw new PathError('nameNotPermitted', index, `a ${name.type} outside of the permitted subtrees`);
    }
    const overlaps = form.overlaps ?? form.isWithin;
    if (excluded.some(({ value }) => overlaps(name.value, value))) {
      throw new PathError('nameNotPermitted', index, `a ${name.type} within an excluded subtree`);
    }
  }
}
