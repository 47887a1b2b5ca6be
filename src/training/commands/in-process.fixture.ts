/** A command in the process of its test, which spares it its start: two seconds of a core. */
import { vi } from 'vitest';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param command takes what is typed behind its name, and answers with its exit code */
export async function inProcess(
  command: (args: readonly string[]) => Promise<number>,
  args: readonly string[],
): Promise<Outcome> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += text;
      return true;
    }),
  );
  try {
    return { code: await command(args), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
