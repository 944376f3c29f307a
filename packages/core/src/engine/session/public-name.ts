import { v5 as hash } from 'uuid'

/** Sets these hashes apart from all others. */
const namespace = '0d0a3a58-7d1e-4a52-8a43-51c9a3c7c1de'

/**
 * A name for a session that may be logged and shown, the same at both ends: what the ends call it themselves is part of what
 * resumes it.
 */
export const publicName = (incarnation: string): string => hash(incarnation, namespace)
