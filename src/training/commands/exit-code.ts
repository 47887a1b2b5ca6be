import { type Command, CommanderError } from 'commander';
import { isBadInput } from './bad-input.ts';

type BadInput = Parameters<typeof isBadInput>[1];

/**
 * Runs a command and says in one line what went wrong.
 * @param args as they were typed behind it
 * @param prefix before that line
 * @param badInput errors that are the user's, beside the engine's
 * @returns the exit code: 0 done, 1 failed, 2 bad input
 */
export async function exitCodeOf<Options extends object>(
  command: Command,
  args: readonly string[],
  main: (options: Options) => Promise<void>,
  { prefix = '', badInput }: { readonly prefix?: string; readonly badInput: BadInput },
): Promise<number> {
  try {
    await main(command.exitOverride().parse(args, { from: 'user' }).opts<Options>());
    return 0;
  } catch (error) {
    // It has said so itself.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${prefix}${message.split('\n')[0]}\n`);
    return isBadInput(error, badInput) ? 2 : 1;
  }
}
