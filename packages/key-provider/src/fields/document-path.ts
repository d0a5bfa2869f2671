/** One step of a path: a member, or every element of a list. */
export interface PathStep {
  readonly name: string;
  readonly each: boolean;
}

/** A member of a document, or an element of one of its lists, that a path leads to. */
export interface Slot {
  readonly value: unknown;
  put(value: unknown): void;
}

type Container = Record<string, unknown> | unknown[];

/** Members of every object that are not its own. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses `address.street`, `contacts[].email` (the member of every element), `tags[]` (every element).
 *
 * @throws TypeError
 */
export function parsePath(path: string): readonly PathStep[] {
  return path.split('.').map((text) => {
    const each = text.endsWith('[]');
    const name = each ? text.slice(0, -2) : text;
    if (name === '' || /[[\]]/.test(name) || forbidden.has(name)) throw new TypeError(`no path: ${path}`);
    return { name, each };
  });
}

/** Value of a path without lists; undefined where something on the way is missing. */
export function valueAt(document: unknown, path: readonly PathStep[]): unknown {
  return path.reduce<unknown>((value, { name }) => (isContainer(value) ? ownMember(value, name) : undefined), document);
}

/**
 * Finds what a path leads to in a copy of a document: what lies on the way is copied, everything else is shared.
 *
 * @param copied containers that are copies already, from other paths through the same document
 */
export function slotsAt<Document extends object>(
  document: Document,
  path: readonly PathStep[],
  copied: WeakSet<object>,
): { readonly document: Document; readonly slots: readonly Slot[] } {
  const slots: Slot[] = [];
  const copy = walk(document as unknown as Container, path, slots, copied);
  return { document: copy as unknown as Document, slots };
}

function walk(value: Container, path: readonly PathStep[], slots: Slot[], copied: WeakSet<object>): Container {
  const [step, ...rest] = path;
  if (!step || ownMember(value, step.name) === undefined) return value;
  const container = ownCopy(value, copied);
  if (!step.each) {
    visit({ container, name: step.name }, rest, slots, copied);
    return container;
  }
  const list = ownMember(container, step.name);
  if (!Array.isArray(list)) return container;
  const elements = ownCopy(list, copied);
  setMember(container, step.name, elements);
  for (const index of list.keys()) visit({ container: elements, name: `${index}` }, rest, slots, copied);
  return container;
}

function visit(
  { container, name }: { readonly container: Container; readonly name: string },
  rest: readonly PathStep[],
  slots: Slot[],
  copied: WeakSet<object>,
): void {
  const value = ownMember(container, name);
  if (rest.length > 0) {
    if (isContainer(value)) setMember(container, name, walk(value, rest, slots, copied));
    return;
  }
  if (value !== undefined) slots.push({ value, put: (replacement) => setMember(container, name, replacement) });
}

function ownCopy(value: Container, copied: WeakSet<object>): Container {
  if (copied.has(value)) return value;
  const copy = Array.isArray(value) ? [...value] : Object.assign(Object.create(Object.getPrototypeOf(value)), value);
  copied.add(copy);
  return copy;
}

/**
 * A copy with another value at a path without lists, or without the member when the value is undefined.
 *
 * @throws TypeError when what the member lies in is missing
 */
export function setAt(
  document: object,
  [step, ...rest]: readonly PathStep[],
  value: unknown,
  copied: WeakSet<object>,
): object {
  const copy = ownCopy(document as Container, copied);
  if (!step) return copy;
  if (rest.length === 0) {
    setMember(copy, step.name, value);
    return copy;
  }
  const child = ownMember(copy, step.name);
  if (!isContainer(child)) throw new TypeError(`there is no ${step.name} to set a member of`);
  setMember(copy, step.name, setAt(child, rest, value, copied));
  return copy;
}

/** Sets or, with undefined, removes a member of an object. */
function setMember(container: object, name: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(container, name);
  else Reflect.set(container, name, value);
}

function ownMember(container: object, name: string): unknown {
  return Object.hasOwn(container, name) ? Reflect.get(container, name) : undefined;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !(value instanceof Date);
}
