// String preparation of RFC 4518 for caseIgnoreMatch, as RFC 5280 s7.1 asks for. Its step 2.1, transcoding, is the parser's.

/** s2.2: characters that are dropped: controls, joiners, direction marks, variation selectors, tags. */
const dropped =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 4518 s2.2 lists control characters.
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u06dd\u070f\u1806\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2063\u206a-\u206f\ufeff\ufff9-\ufffc\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]|\u034f|\p{Variation_Selector}/gu;

/** s2.2: white space of any kind, which becomes a space. */
const spaces = /[\s\u0085]+/gu;

/** s2.4: unassigned, private use, surrogates, the replacement character, and marks that change how others show. */
const prohibited = /\p{Cn}|\p{Co}|\p{Cs}|\ufffd|\u0340|\u0341/u;

const printableAscii = /^[\x20-\x7e]*$/;

/**
 * The text in the form in which two strings are compared: case folded, NFKC, white space collapsed and trimmed.
 * @returns `undefined` when it holds a character that RFC 4518 s2.4 prohibits: such a string matches none.
 */
export function prepareText(text: string): string | undefined {
  if (printableAscii.test(text)) return text.trim().replace(/ {2,}/g, ' ').toLowerCase();
  // s2.2 and RFC 3454 B.2: fold, normalise, and again, because normalisation can bring back capital letters.
  const folded = fold(fold(text.replace(dropped, '').replace(spaces, ' ')).normalize('NFKC')).normalize('NFKC');
  if (prohibited.test(folded)) return undefined;
  // s2.6.1, insignificant space handling.
  return folded.replace(spaces, ' ').replace(/^ | $/g, '');
}

/** Case folding: lower case but for the two letters where RFC 3454 B.2 says otherwise. */
function fold(text: string): string {
  return text.toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ');
}
