import basicSsl from '@vitejs/plugin-basic-ssl'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [basicSsl()],
  server: { proxy: { '/peerjs': { target: 'http://127.0.0.1:9000', ws: true } } },
})
