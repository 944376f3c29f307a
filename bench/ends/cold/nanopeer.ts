import { nanopeer } from '../nanopeer'
import { askFirst } from './first-answer'

void askFirst(nanopeer)
