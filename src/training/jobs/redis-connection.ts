/** The way to Redis. */
import { Redis } from 'ioredis';
import * as v from 'valibot';
import { JobsError } from './jobs-error.ts';

const EXAMPLE = 'redis://localhost:6379';
const addressSchema = v.pipe(
  v.string(),
  v.maxLength(2000),
  v.check((text) => /^rediss?:\/\/[^/]/i.test(text) && URL.canParse(text)),
);

/** Of the queue that every run and every worker of one Redis share. */
export const QUEUE = 'sgraffito';

const RETRY_MS = 1000;
const CONNECT_TIMEOUT_MS = 10_000;

export interface ConnectOptions {
  /** Told when the connection is lost, and when it is back. */
  readonly say: (line: string) => void;
  /** Seconds to try again after the connection is lost; commands then fail. */
  readonly patience: number;
}

/** @throws JobsError when the address is none, or nobody answers there. */
export async function connectRedis(address: string, { say, patience }: ConnectOptions): Promise<Redis> {
  if (!v.is(addressSchema, address)) {
    throw new JobsError(`"${address}" is no address of a Redis. It should look like ${EXAMPLE}.`);
  }
  const place = withoutPassword(address);
  let state: 'connecting' | 'connected' | 'lost' = 'connecting';
  let reason = 'nobody answers';
  const redis = new Redis(address, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // BullMQ asks for it: a command waits until the connection is back or given up.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (state === 'connecting' || times * RETRY_MS > patience * 1000 ? null : RETRY_MS),
  });
  redis.on('error', (error: Error) => {
    reason = error.message || ('code' in error ? String(error.code) : reason);
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    const refusal = /closed/i.test((error as Error).message) ? reason : (error as Error).message;
    throw new JobsError(`${place} cannot be reached (${refusal}). Start Redis there ("redis-server"), or see --help.`);
  }
  state = 'connected';
  redis.on('close', () => {
    if (state !== 'connected' || redis.status === 'end') return;
    state = 'lost';
    say(`The connection to ${place} is lost; trying to get it back …`);
  });
  redis.on('ready', () => {
    if (state === 'lost') say(`${place} is back.`);
    state = 'connected';
  });
  return redis;
}

/** For the screen. */
export function withoutPassword(address: string): string {
  const url = new URL(address);
  url.password = '';
  url.username = '';
  return url.href;
}
