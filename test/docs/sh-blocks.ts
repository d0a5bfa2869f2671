import { readFile } from 'node:fs/promises';

/** The contents of all ```sh blocks of a Markdown page, in their order. */
export async function shBlocks(page: string): Promise<string[]> {
  const text = await readFile(new URL(`../../${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] as string);
}
