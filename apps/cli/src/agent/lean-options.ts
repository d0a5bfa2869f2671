/**
 * Options of V8 for a process that does little for months and must be small. A young generation of 1 MiB instead of 16, and
 * no compiling to machine code, of which an agent that wakes up twice an hour has no use: 71 MiB resident instead of 94
 * (docs/agent.md). The second also takes WebAssembly away, by which Node reads TypeScript, so it is for built code.
 */
const lean = { smallYoung: '--max-semi-space-size=1', withoutCompiler: '--jitless' } as const;

/**
 * The options of Node with which the agent is to be started anew, or undefined when it has them, or is not to run at all.
 * @param args the arguments behind the name of the program
 * @param nodeOptions those that Node has now
 */
export function leanNodeOptions(
  args: readonly string[],
  { nodeOptions, isBuilt }: { readonly nodeOptions: readonly string[]; readonly isBuilt: boolean },
): readonly string[] | undefined {
  const [agent, word = 'run'] = args;
  const runs = agent === 'agent' && (word === 'run' || word.startsWith('-'));
  const hasThem = nodeOptions.some((option) => option.startsWith('--max-semi-space-size'));
  if (!runs || hasThem || args.includes('--help') || args.includes('-h')) return undefined;
  return [...nodeOptions, lean.smallYoung, ...(isBuilt ? [lean.withoutCompiler] : [])];
}
