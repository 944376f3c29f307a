const [width, height] = [640, 360]

/** A drawn camera, where there is no real one, or nobody may use it: the time, and something that moves. */
export const openDrawnCamera = (): MediaStream => {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  const draw = () => {
    const now = new Date()
    const turn = (now.getTime() % 4000) / 4000
    context.fillStyle = '#14161a'
    context.fillRect(0, 0, width, height)
    context.fillStyle = '#4f7cff'
    context.beginPath()
    context.arc(width * turn, height * 0.7, 24, 0, 2 * Math.PI)
    context.fill()
    context.fillStyle = '#fff'
    context.font = '600 64px system-ui, sans-serif'
    context.textAlign = 'center'
    context.fillText(now.toLocaleTimeString(), width / 2, height * 0.45)
  }
  draw()
  const stream = canvas.captureStream(25)
  const timer = setInterval(() => {
    if (stream.active) draw()
    else clearInterval(timer)
  }, 40)
  return stream
}
