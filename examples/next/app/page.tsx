import { connection } from 'next/server'
import { Suspense } from 'react'
import { Files } from './files'

/** A server component: it reads the settings of the server, and hands them to the part that runs in the browser. */
export default function Page() {
  return (
    <Suspense fallback={<p>Loading …</p>}>
      <FilesOfNow />
    </Suspense>
  )
}

async function FilesOfNow() {
  // Rendered at each request: the port is the running server's, not the build's.
  await connection()
  return <Files server={{ host: '127.0.0.1', port: Number(process.env.SIGNALLING_PORT ?? 9000) }} />
}
