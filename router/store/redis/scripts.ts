import { createHash } from "node:crypto";

/** Lua, known to the server by its SHA-1. */
export interface Script {
  readonly lua: string;
  readonly sha1: string;
}

function script(lua: string): Script {
  return { lua, sha1: createHash("sha1").update(lua).digest("hex") };
}

/*
 * A script that fails half way is not undone, so each looks first, and its first write is the one that may be refused
 * (out of memory, a key of another type).
 */

/**
 * KEYS: rollout, audit stream. Puts an entry at the end of the history and drops the oldest ones over the limits. Ids are
 * revisions, so that pages and repeats are found.
 */
const append = `
local firstHash = string.rep('0', 64)

local function head()
  return redis.call('HGET', KEYS[1], 'hash') or firstHash
end

local function nextId(revision)
  local at, number = revision, 0
  local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
  if last then
    local lastAt, lastNumber = string.match(last[1], '(%d+)-(%d+)')
    if tonumber(lastAt) >= at then at, number = tonumber(lastAt), tonumber(lastNumber) + 1 end
  end
  if at == 0 and number == 0 then number = 1 end
  return string.format('%.0f-%.0f', at, number)
end

-- An answer that got lost is asked for again.
local function isKnown(revision, auditId)
  for _, entry in ipairs(redis.call('XRANGE', KEYS[2], revision, revision)) do
    if entry[2][2] == auditId then return true end
  end
  return false
end

local function append(revision, entry, limits)
  redis.call('XADD', KEYS[2], nextId(revision), 'auditId', entry.auditId, 'entry', entry.json)
  local bytes = tonumber(redis.call('HGET', KEYS[1], 'auditBytes') or 0) + #entry.json
  local length = redis.call('XLEN', KEYS[2])
  while length > 1 and (length > limits.entries or bytes > limits.bytes) do
    local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
    redis.call('XDEL', KEYS[2], first[1])
    bytes, length = bytes - #first[2][4], length - 1
  end
  redis.call('HSET', KEYS[1], 'hash', entry.hash, 'auditBytes', bytes)
end
`;

/**
 * ARGV: expected revision, revision, document, audit id, entry, its hash, the hash it follows, channel, model, limits
 * (entries, bytes). Returns done, lost with the document that is there, or moved with the hash to follow.
 */
export const writeScript = script(`${append}
local kept = redis.call('HMGET', KEYS[1], 'revision', 'document')
local held, revision = tonumber(kept[1] or 0), tonumber(ARGV[2])

if held ~= tonumber(ARGV[1]) or revision <= held then
  if isKnown(ARGV[2], ARGV[4]) then return {'done'} end
  return {'lost', kept[2]}
end
if head() ~= ARGV[7] then return {'moved', head()} end

append(revision, {auditId = ARGV[4], json = ARGV[5], hash = ARGV[6]}, {entries = tonumber(ARGV[10]), bytes = tonumber(ARGV[11])})
redis.call('HSET', KEYS[1], 'revision', ARGV[2], 'document', ARGV[3])
-- Who may not publish may still write: followers poll. Who may not write may publish: followers read.
redis.pcall('PUBLISH', ARGV[8], ARGV[9])
return {'done'}
`);

/** ARGV: audit id, entry, its hash, the hash it follows, limits (entries, bytes). Returns done or moved. */
export const noteScript = script(`${append}
local held = redis.call('HGET', KEYS[1], 'revision') or '0'
if isKnown(held, ARGV[1]) then return {'done'} end
if head() ~= ARGV[4] then return {'moved', head()} end
append(tonumber(held), {auditId = ARGV[1], json = ARGV[2], hash = ARGV[3]}, {entries = tonumber(ARGV[5]), bytes = tonumber(ARGV[6])})
return {'done'}
`);

/** By the server's clock: routers need not agree on the time. */
const forget = `
local function nowMs()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function forget(routers)
  for _, router in ipairs(routers) do
    redis.call('HDEL', KEYS[1], router)
    redis.call('ZREM', KEYS[2], router)
  end
end
`;

/** KEYS: reports, heard. ARGV: router, report, milliseconds until it is forgotten, how many are known at most. */
export const reportScript = script(`${forget}
local now = nowMs()
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], now, ARGV[1])
forget(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[3])))
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if over > 0 then forget(redis.call('ZRANGE', KEYS[2], 0, over - 1)) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return {'done'}
`);

/** KEYS: reports, heard. ARGV: milliseconds until one is forgotten. Returns for each: router, report, milliseconds since it was heard. */
export const reportsScript = script(`${forget}
local found = {}
local now = nowMs()
local heard = redis.call('ZRANGEBYSCORE', KEYS[2], now - tonumber(ARGV[1]), '+inf', 'WITHSCORES')
for i = 1, #heard, 2 do
  local report = redis.call('HGET', KEYS[1], heard[i])
  -- After a failover another clock tells the time.
  if report then found[#found + 1] = {heard[i], report, math.max(0, now - tonumber(heard[i + 1]))} end
end
return found
`);

/** KEYS: reports, heard. ARGV: router. */
export const leaveScript = script(`
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return {'done'}
`);
