import { peerjs } from '../peerjs'
import { askFirst } from './first-answer'

void askFirst(peerjs('binary'))
