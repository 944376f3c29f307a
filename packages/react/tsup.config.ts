import { library } from '../../scripts/tsup'

// In a tree of server components, whatever uses a hook is the client's.
export default library({ banner: { js: "'use client'" } })
