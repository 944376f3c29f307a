#!/usr/bin/env node
/** `npx @nanopeer/server`: one node, in the foreground, until SIGTERM or SIGINT. */
import pino from 'pino'
import { readCliOptions, UsageError, usage } from './cli-options'
import { createSignallingServer } from './create-signalling-server'
import { memoryEngine } from './engines/memory-engine'
import { redisEngine } from './engines/redis/redis-engine'

const run = async (): Promise<void> => {
  const options = readCliOptions(process.argv.slice(2), process.env)
  if (!options) return void process.stdout.write(usage)
  const logger = pino({ level: options.logLevel })
  const engine = options.redis.length > 0 ? redisEngine({ urls: options.redis }) : memoryEngine()
  const server = await createSignallingServer({ ...options.server, engine, logger })

  let isStopping = false
  const stop = async (signal: string) => {
    // Whoever asks twice does not want to wait.
    if (isStopping) process.exit(1)
    isStopping = true
    logger.info({ signal }, 'Stopping')
    await server.drain({ over: options.drain })
    await server.close()
    logger.info('Stopped')
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
}

run().catch((error: unknown) => {
  console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
})
