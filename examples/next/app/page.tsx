import { connection } from 'next/server'
import { Files } from './files'

/** A server component: it reads the settings of the server, and hands them to the part that runs in the browser. */
export default async function Page() {
  // Rendered at each request: the port is the running server's, not the build's.
  await connection()
  return <Files server={{ host: '127.0.0.1', port: Number(process.env.SIGNALLING_PORT ?? 9000) }} />
}
