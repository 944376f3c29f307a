import { createClient, type RedisClientOptions } from 'redis'
import { allScripts, type Script } from './scripts'
import type { Shard, ShardEvents } from './shard'

/** Commands that may wait for one Redis. Beyond that they are refused at once, or a dead Redis would eat the memory. */
const mostCommands = 20_000
/** Ms between attempts to reach Redis: the first, and the longest. */
const [firstDelay, longestDelay] = [50, 1_000]

const clientOptions = (url: string): RedisClientOptions => ({
  url,
  disableOfflineQueue: true,
  commandsQueueMaxLength: mostCommands,
  // A timer for each command would cost more than the command, and stop once it is written.
  commandOptions: { timeout: undefined },
  socket: {
    connectTimeout: 2_000,
    reconnectStrategy: (retries) =>
      Math.min(longestDelay, firstDelay * 2 ** Math.min(retries, 10)) * (0.5 + Math.random() / 2),
  },
})

const createConnections = (url: string) => {
  const commands = createClient(clientOptions(url))
  return { commands, subscriber: commands.duplicate() }
}

/**
 * A Redis or Valkey server by its URL, such as `redis://user:password@10.0.0.5:6379/0`, or `rediss://` with TLS.
 *
 * Throws `TypeError` for what is no such URL.
 */
export const createRedisShard = (url: string): Shard => {
  let connections = createConnections(url)
  let connect = () => {}

  const drop = () => {
    for (const client of Object.values(connections)) {
      client.removeAllListeners()
      // The end of a connection that is given up says nothing new.
      client.on('error', () => {})
      if (client.isOpen) client.destroy()
    }
  }

  return {
    name: new URL(url).host,
    open(inbox: string, { received, up, failed }: ShardEvents) {
      connect = () => {
        const { commands, subscriber } = connections
        const isCurrent = () => commands === connections.commands
        let isSubscribed = false
        const ready = () => {
          if (isSubscribed && commands.isReady && subscriber.isReady) up()
        }
        commands.on('ready', () => {
          // First of all, so that commands keep their order: a script that is not there yet has to be sent again.
          for (const { source } of allScripts) commands.sendCommand(['SCRIPT', 'LOAD', source]).catch(failed)
          ready()
        })
        subscriber.on('ready', ready)
        commands.on('error', failed)
        subscriber.on('error', failed)
        const subscribed = subscriber.connect().then(async () => {
          await subscriber.subscribe(inbox, received)
          isSubscribed = true
          ready()
        })
        Promise.all([commands.connect(), subscribed]).catch((error) => isCurrent() && failed(error))
      }
      connect()
    },
    async run({ sha, source }: Script, args: readonly string[]) {
      const { commands } = connections
      try {
        return await commands.sendCommand(['EVALSHA', sha, '0', ...args])
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
        return commands.sendCommand(['EVAL', source, '0', ...args])
      }
    },
    async keys(start) {
      const found: string[] = []
      for await (const keys of connections.commands.scanIterator({ MATCH: `${start}*`, COUNT: 1000 })) {
        for (const key of keys) found.push(key.slice(start.length))
      }
      return found
    },
    reset() {
      drop()
      connections = createConnections(url)
      connect()
    },
    close: drop,
  }
}
