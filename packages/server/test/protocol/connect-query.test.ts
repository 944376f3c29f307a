import { expect, it } from 'vitest'
import { readConnectQuery } from '../../src/protocol/connect-query'

const nothing = { id: '', token: '', key: '' }

it.each([
  ['/peerjs?key=k&id=a&token=t&version=1.5.5', { id: 'a', token: 't', key: 'k' }],
  ['/peerjs?id=a%20b&token=%C3%A9', { ...nothing, id: 'a b', token: 'é' }],
  ['/peerjs?token=a+b==', { ...nothing, token: 'a+b==' }],
  ['/peerjs?token=100%', { ...nothing, token: '100%' }],
  ['/peerjs?id=one&id=two', { ...nothing, id: 'two' }],
  ['/peerjs?__proto__=x&=y&id', nothing],
  ['/peerjs', nothing],
])('reads %s', (url, expected) => {
  expect(readConnectQuery(url)).toEqual(expected)
})
