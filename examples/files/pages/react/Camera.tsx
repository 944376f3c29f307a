import type { Peer } from '@nanopeer/core'
import { useConnection, useMedia } from '@nanopeer/react'
import { useEffect, useRef, useState } from 'react'
import { cameraId, watchCamera } from '../../shared/camera'
import { describeCamera } from '../shared/camera'

/** What the camera of another page sees, while somebody wants to. */
export function Camera({ peer }: { peer: Peer | null }) {
  const [isOn, setOn] = useState(false)
  const { connection } = useConnection(isOn ? peer : null, cameraId)
  const watched = useMedia(connection, watchCamera)
  const { stream, isPaused } = watched
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current) video.current.srcObject = stream
  }, [stream])

  return (
    <section className="card" aria-labelledby="camera">
      <header>
        <h2 id="camera">Camera</h2>
        <span className="aside" role="status" aria-label="Camera">
          {describeCamera(watched)}
        </span>
      </header>
      <div className="camera">
        {isOn && <video ref={video} data-paused={isPaused || undefined} autoPlay muted playsInline />}
        <button type="button" onClick={() => setOn(!isOn)}>
          {isOn ? 'Stop watching' : 'Watch'}
        </button>
      </div>
    </section>
  )
}
