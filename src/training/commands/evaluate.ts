import { evaluateCommand } from './evaluate-command.ts';

process.exitCode = await evaluateCommand(process.argv.slice(2));
