import type { NextConfig } from 'next'

const config: NextConfig = { cacheComponents: true, reactCompiler: true }

export default config
