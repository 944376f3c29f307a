/** The same for Node. */
import './shared'
