import { createHash } from 'node:crypto'
import { sourceShare } from '../../source-share'
import { displacementsAllowed, displacementWindow } from '../displacements'

/**
 * What is in each Redis, behind a prefix. `l:{node}` says that a node lives, and ends by itself; `o:{id}` who holds an id;
 * `q:{id}` what waits for it, `s:{id}` how much of that is whose; `n:{node}` is a node's inbox, a channel. `epoch` is when
 * this Redis was found empty, `calm` that a node came back whose lease had ended, `d:{node}` since when an inbox has no
 * reader. Times are in µs, Redis's own.
 *
 * Every change of who holds an id is one script: Redis runs them one after another.
 */
export interface Script {
  readonly source: string
  readonly sha: string
}

/** How long an id is remembered whose node does not confirm it, in ms: what a dead node held is forgotten by then. */
export const rememberedFor = 30 * 60_000

/** How long a node's inbox has to be without a reader until the node counts as gone, in µs. */
const deafFor = 1_000_000

const common = `
local prefix = ARGV[1]
local me = ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
-- Lua 5.1 would write a number of sixteen digits as 1.7e+15.
local function text(number) return string.format('%.0f', number) end
local function lives(node) return redis.call('EXISTS', prefix .. 'l:' .. node) == 1 end
local function tell(node, message) return redis.call('PUBLISH', prefix .. 'n:' .. node, message) end
`

const script = (body: string): Script => {
  const source = common + body
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

/**
 * ARGV: prefix, me, id, owner, µs without new owners after Redis was found empty. Answers `granted`, the generation and what
 * waited; or `taken` with the holder and its generation; or `wait`.
 */
export const claim = script(`
local id, owner, recovery = ARGV[3], ARGV[4], tonumber(ARGV[5])
local key = prefix .. 'o:' .. id
local epoch = redis.call('GET', prefix .. 'epoch')
if not epoch then
  redis.call('SET', prefix .. 'epoch', text(now))
  epoch = now
end
if not lives(me) or now - epoch < recovery then return { 'wait' } end

-- 'gone', 'here', or 'unsure': a node that is flooded off its inbox comes back in a moment.
local function stateOf(node)
  if node == me then return 'here' end
  if not lives(node) then return redis.call('EXISTS', prefix .. 'calm') == 1 and 'unsure' or 'gone' end
  local deaf = prefix .. 'd:' .. node
  if redis.call('PUBSUB', 'NUMSUB', prefix .. 'n:' .. node)[2] > 0 then
    redis.call('DEL', deaf)
    return 'here'
  end
  local since = redis.call('GET', deaf)
  if not since then
    redis.call('SET', deaf, text(now), 'PX', ${deafFor / 400})
    return 'unsure'
  end
  return now - since < ${deafFor} and 'unsure' or 'gone'
end

local held = redis.call('HMGET', key, 'owner', 'node', 'generation', 'since', 'count')
local node, generation = held[2], tonumber(held[3] or 0)
local since, count = now, 0
local state = node and stateOf(node) or 'gone'
if state ~= 'gone' then
  if held[1] ~= owner and state == 'unsure' then return { 'wait' } end
  since, count = tonumber(held[4] or now), tonumber(held[5] or 0)
  if now - since >= ${displacementWindow * 1000} then since, count = now, 0 end
  if held[1] ~= owner or count >= ${displacementsAllowed} then
    -- A holder that has forgotten the id gives it back; the next attempt succeeds.
    if node ~= me then tell(node, 'c' .. held[3] .. '\\n' .. id) end
    return { 'taken', node, held[3] }
  end
  count = count + 1
end

generation = math.max(now, generation + 1)
if node and node ~= me then tell(node, 'k' .. text(generation) .. '\\n' .. id) end
redis.call('HSET', key, 'owner', owner, 'node', me, 'generation', text(generation), 'since', text(since), 'count', count)
redis.call('PEXPIRE', key, ${rememberedFor})
local waiting = redis.call('LRANGE', prefix .. 'q:' .. id, 0, -1)
redis.call('DEL', prefix .. 'q:' .. id, prefix .. 's:' .. id)
return { 'granted', text(generation), waiting }
`)

/** ARGV: prefix, me, then id, owner and generation of each. Answers for each what waited, or false: it is another's. */
export const reclaim = script(`
redis.call('SET', prefix .. 'epoch', text(now), 'NX')
local answers = {}
for index = 3, #ARGV, 3 do
  local id, owner, generation = ARGV[index], ARGV[index + 1], tonumber(ARGV[index + 2])
  local key = prefix .. 'o:' .. id
  local held = redis.call('HMGET', key, 'node', 'generation')
  local node, current = held[1], tonumber(held[2] or 0)
  if current < generation or (current == generation and node == me) then
    if node and node ~= me then tell(node, 'k' .. text(generation) .. '\\n' .. id) end
    redis.call('HSET', key, 'owner', owner, 'node', me, 'generation', text(generation))
    redis.call('PEXPIRE', key, ${rememberedFor})
    table.insert(answers, redis.call('LRANGE', prefix .. 'q:' .. id, 0, -1))
    redis.call('DEL', prefix .. 'q:' .. id, prefix .. 's:' .. id)
  else
    table.insert(answers, false)
  end
end
return answers
`)

/** ARGV: prefix, me, id, generation. Gives an id back, if it is still held by this claim. */
export const release = script(`
local key = prefix .. 'o:' .. ARGV[3]
local held = redis.call('HMGET', key, 'node', 'generation')
if held[1] == me and held[2] == ARGV[4] then redis.call('DEL', key) end
`)

/**
 * ARGV: prefix, me, id, frame, kind of the message to the holder's inbox or '', source, how many may wait, ms that they wait.
 * Answers 1 if the frame went to a node, 2 if it waits behind another of its source, 3 if it is the first, 0 if none of these.
 * A reader that lost its power counts as one until TCP gives up, so the lease counts as well.
 */
export const route = script(`
local id, frame, kind, source, most = ARGV[3], ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7])
if kind ~= '' then
  local node = redis.call('HGET', prefix .. 'o:' .. id, 'node')
  if node and node ~= me and lives(node) and tell(node, kind .. id .. '\\n' .. frame) > 0 then return 1 end
end
local queue, sources = prefix .. 'q:' .. id, prefix .. 's:' .. id
local free, own = most - redis.call('LLEN', queue), tonumber(redis.call('HGET', sources, source) or 0)
if free <= 0 or own > free * ${sourceShare} then return 0 end
redis.call('RPUSH', queue, me .. '\\n' .. source .. '\\n' .. frame)
redis.call('HINCRBY', sources, source, 1)
redis.call('PEXPIRE', queue, ARGV[8])
redis.call('PEXPIRE', sources, ARGV[8])
return own > 0 and 2 or 3
`)

/** ARGV: prefix, me, id, source. Takes back what a source has waiting by way of this node. Answers how much that was. */
export const takeBack = script(`
local queue = prefix .. 'q:' .. ARGV[3]
local start = me .. '\\n' .. ARGV[4] .. '\\n'
local taken = 0
for _, entry in ipairs(redis.call('LRANGE', queue, 0, -1)) do
  if string.sub(entry, 1, #start) == start then taken = taken + redis.call('LREM', queue, 1, entry) end
end
if taken > 0 then
  local sources = prefix .. 's:' .. ARGV[3]
  if redis.call('HINCRBY', sources, ARGV[4], -taken) <= 0 then redis.call('HDEL', sources, ARGV[4]) end
end
return taken
`)

/**
 * ARGV: prefix, me, ms of the lease, 1 for a node that starts. Says that this node lives, to itself too, by way of its inbox.
 * Answers 0 if its lease had ended. Then strangers get nobody's ids for half a lease: perhaps it was Redis that stood still,
 * and all leases have ended.
 */
export const renew = script(`
redis.call('SET', prefix .. 'epoch', text(now), 'NX')
local had = lives(me)
redis.call('SET', prefix .. 'l:' .. me, 1, 'PX', ARGV[3])
if not had and ARGV[4] ~= '1' then redis.call('SET', prefix .. 'calm', 1, 'PX', math.floor(ARGV[3] / 2)) end
tell(me, 'p')
return had and 1 or 0
`)

/** ARGV: prefix, me. Whatever this node held is free. The pulse is the last letter in its inbox. */
export const leave = script(`
redis.call('DEL', prefix .. 'l:' .. me)
tell(me, 'p')
`)

/** ARGV: prefix, me, ids. Answers those that a node holds that lives. */
export const living = script(`
local held = {}
for index = 3, #ARGV do
  local node = redis.call('HGET', prefix .. 'o:' .. ARGV[index], 'node')
  if node and lives(node) then table.insert(held, ARGV[index]) end
end
return held
`)

export const allScripts: readonly Script[] = [claim, reclaim, release, route, takeBack, renew, leave, living]
