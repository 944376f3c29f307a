/** The end of a long path: a page whose links can be cut. */
import { cutLinks, keepLinks } from '../../lab/actors/links'
import { bench } from './page'

keepLinks()
Object.assign(bench, { cutLinks })
