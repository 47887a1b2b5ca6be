/** Node 20 does not run TypeScript: tsx is registered in this thread first. */
import { register } from 'tsx/esm/api';

register();
await import('./painting-thread.ts');
