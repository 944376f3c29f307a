/**
 * What each key of `results.json` means to a person. The table of docs/performance.md has a row for each figure of these
 * keys, in this order.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const meanings = {
  'connect.open': 'How long a page waits for its first answer, beside what PeerJS takes for its first echo.',
  'connect.cold': 'The same from when a fresh page begins to load: its code has never run, and it has no id.',
  'node.dial':
    'How long a dial takes where a Node process is at one end or both: half of them, and all but one in a hundred.',
  'node.plainDial':
    'Whether a PeerJS client in Node always reaches a Node device, one dial right after the other.',
  'dial.roundTrips':
    'How long a dial takes from far away, in round trips of the path; a link that was lost is dialled again, too.',
  'request.rtt': 'What a small question costs on an open connection, beside raw bytes that are sent back.',
  'request.pipelined64': 'How many small questions a page gets through when it asks 64 at a time.',
  'request.allocation':
    'What a small question takes of the page’s memory, which somebody has to collect again.',
  'request.duringStream': 'How long a click waits while a download fills the link.',
  'stream.download': 'How fast a file comes, beside the fastest that a data channel can be.',
  'stream.upload': 'How fast a file goes, beside the same.',
  'stream.vsPeerjs': 'The same, beside PeerJS.',
  'path.download': 'How fast a file comes from far away, beside one raw channel.',
  'path.upload': 'How fast a file goes there, beside the same.',
  'path.links': 'What several connections would carry from far away, beside one raw channel.',
  'path.besideTcp': 'What a TCP flow keeps on such a line beside each of them.',
  'path.request': 'How long a click waits while such a download runs.',
  'path.resume': 'How soon bytes flow again after a long path was cut.',
  'stream.fairness': 'Whether four downloads at once share the link: 1 is even.',
  'stream.memory':
    'What a large file takes in memory when its reader is slow. It does not grow with the file.',
  'node.download': 'How fast a Node device sends a file, beside the library that it sends with.',
  'media.start':
    'How soon a device’s picture is there, beside PeerJS’s call: with the dial, and on an open connection.',
  'media.download': 'Whether a video stays smooth while a download fills the link.',
  'fanin.100': 'What a device does for a hundred pages at once, and what each of them costs it.',
  'fanin.1000':
    'The same for a thousand; how long each waits when all of them ask; how soon all are back when the device was restarted.',
  'hostile.p95': 'How long a friend waits while a stranger floods the device.',
  'hostile.stall': 'How long one message can keep a device from everything else.',
  'hostile.held': 'What strangers can make a device hold before it has decided whether it serves them.',
  'store.fanout': 'What one change of a shared store costs a device that a hundred follow.',
  'store.conflation': 'Whether a slow follower of a fast store costs memory, and sees the last value.',
  'render.request': 'How often React commits for one request, and for a long download.',
  'render.hooks':
    'How often a component commits until something is open, and what it does while nothing happens.',
  'render.rows': 'How often a list of devices renders while all of them open.',
  'render.flood': 'What a flood of events costs a page: commits in a second, and its longest frame.',
  'size.badge': 'What a page with one status badge loads, in KB.',
  'size.remoteStore': 'What following a device’s stores adds to that.',
  'size.share': 'What sharing stores adds to it.',
  'size.core': 'What all of core weighs: with the page, and when a peer opens.',
}
