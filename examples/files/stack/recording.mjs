import { access, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const rate = 48_000
const seconds = 131

/**
 * Makes a sound file of 24 MiB, large enough to see a progress bar move. It is made and not kept in the
 * repository, and it is the same on every machine.
 *
 * @param {string} folder
 */
export async function makeRecording(folder) {
  const location = join(folder, 'rain on the roof.wav')
  try {
    return await access(location)
  } catch {
    // Not there yet. It gets its name when it is whole.
    await writeFile(`${location}.part`, wave(rain()))
    await rename(`${location}.part`, location)
  }
}

/** Two channels of 16 bits: noise without its highs, and now and then a drop. */
function rain() {
  const samples = new Int16Array(rate * seconds * 2)
  const random = xorshift(20_260_501)
  let left = 0
  let right = 0
  let drop = 0
  for (let index = 0; index < samples.length; index += 2) {
    if (random() < 0.0004) drop = 9000 * random()
    drop *= 0.995
    left += (random() - 0.5 - left) * 0.25
    right += (random() - 0.5 - right) * 0.25
    samples[index] = left * 9000 + (random() - 0.5) * drop
    samples[index + 1] = right * 9000 + (random() - 0.5) * drop
  }
  return samples
}

/** Numbers from 0 to 1, the same ones every time. @param {number} seed */
function xorshift(seed) {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** The header of a WAV file (RIFF, PCM), and its samples. @param {Int16Array} samples */
function wave(samples) {
  const bytes = Buffer.alloc(44 + samples.byteLength)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(36 + samples.byteLength, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(2, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(rate * 4, 28)
  bytes.writeUInt16LE(4, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(samples.byteLength, 40)
  Buffer.from(samples.buffer).copy(bytes, 44)
  return bytes
}
