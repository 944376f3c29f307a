/** A canvas that shows numbers which a page can read back from a video of it. */

const cells = 8
const cellSize = 40
const width = cells * cellSize
const height = 80

/** A drawn camera: each frame shows the camera's number (3 bits) and a count of frames (5 bits), as black and white cells. */
export class DrawnCamera {
  readonly stream: MediaStream
  private readonly context: CanvasRenderingContext2D
  private readonly timer: ReturnType<typeof setInterval>
  private frame = 0

  /** @param number 0 to 7 */
  constructor(private readonly number: number) {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width, height })
    this.context = canvas.getContext('2d') as CanvasRenderingContext2D
    this.draw()
    this.stream = canvas.captureStream(30)
    this.timer = setInterval(() => this.draw(), 33)
  }

  get track(): MediaStreamTrack {
    return this.stream.getVideoTracks()[0] as MediaStreamTrack
  }

  stop(): void {
    clearInterval(this.timer)
    this.track.stop()
  }

  private draw(): void {
    this.frame = (this.frame + 1) % 32
    const value = this.number * 32 + this.frame
    for (let cell = 0; cell < cells; cell++) {
      this.context.fillStyle = (value >> (cells - 1 - cell)) & 1 ? '#fff' : '#000'
      this.context.fillRect(cell * cellSize, 0, cellSize, height)
    }
  }
}

/** How many pictures were seen, by the camera that they show; a black one is camera 0's. */
export type Seen = Readonly<Record<number, number>>

/** A video element that plays a stream, and what is seen on it. */
export class Screen {
  readonly video = document.createElement('video')
  private readonly context: CanvasRenderingContext2D

  constructor(stream: MediaStream) {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width, height })
    this.context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
    Object.assign(this.video, { autoplay: true, muted: true, playsInline: true, srcObject: stream })
    document.body.append(this.video)
  }

  /** What the picture of now shows; null where there is none. */
  read(): { readonly camera: number; readonly frame: number } | null {
    if (this.video.readyState < 2 || this.video.videoWidth === 0) return null
    this.context.drawImage(this.video, 0, 0, width, height)
    let value = 0
    for (let cell = 0; cell < cells; cell++) {
      const [red = 0] = this.context.getImageData((cell + 0.5) * cellSize, height / 2, 1, 1).data
      value = value * 2 + (red > 127 ? 1 : 0)
    }
    return { camera: value >> 5, frame: value & 31 }
  }

  /** Resolves once so many different frames in a row have come from this camera. */
  async shows(camera: number, frames = 5): Promise<void> {
    const seen = new Set<number>()
    while (seen.size < frames) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      const picture = this.read()
      if (picture?.camera === camera) seen.add(picture.frame)
    }
  }

  /** Counts each picture that is put on the screen, from now on. Returns what tells the count. */
  count(): () => Seen {
    const seen: Record<number, number> = {}
    const next = () =>
      this.video.requestVideoFrameCallback(() => {
        const picture = this.read()
        if (picture) seen[picture.camera] = (seen[picture.camera] ?? 0) + 1
        next()
      })
    next()
    return () => ({ ...seen })
  }

  remove(): void {
    this.video.srcObject = null
    this.video.remove()
  }
}
