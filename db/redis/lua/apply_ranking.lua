-- Moves members and the counts of their scores, once per key.
-- KEYS: members (by score below zero, so that equal scores stand by id), counts per score,
--       keys applied (by when), highest fence seen
-- ARGV: key, fence, how long keys are kept, how many old ones to forget at most, how far from 0 a
--       score may lie, changes as lists of a difference and its members (packed_changes.ts)
-- Answers an outcome; applied: how many went from where to where; rejected: whose score would lie
-- beyond, and nothing was done. Members go many to a command, which costs more than the work in it.
local seen = tonumber(redis.call('GET', KEYS[4]) or 0)
if tonumber(ARGV[2]) < seen then return {'fenced'} end
redis.call('SET', KEYS[4], ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local old = redis.call('ZRANGE', KEYS[3], '-inf', now - ARGV[3], 'BYSCORE', 'LIMIT', 0, ARGV[4])
if #old > 0 then redis.call('ZREM', KEYS[3], unpack(old)) end
if redis.call('ZSCORE', KEYS[3], ARGV[1]) then return {'applied before'} end

local most = tonumber(ARGV[5])
local function whole(number) return string.format('%.0f', number) end

local plans, rejected = {}, {}
for at, list in ipairs(cmsgpack.unpack(ARGV[6])) do
  local change = list[1]
  list[1] = KEYS[1]
  local held = redis.call('ZMSCORE', unpack(list))
  -- By the stored score; false: was not there.
  local counts, texts, beyond = {}, {}, {}
  local command = {KEYS[1]}
  for n = 1, #held do
    local stored, member = held[n], list[n + 1]
    local text = texts[stored]
    if not text then
      local from = stored and 0 - tonumber(stored) or 0
      text = whole(0 - from - change)
      texts[stored], counts[stored] = text, 0
      beyond[stored] = math.abs(from + change) > most
    end
    counts[stored] = counts[stored] + 1
    command[2 * n], command[2 * n + 1] = text, member
    if beyond[stored] then table.insert(rejected, member) end
  end
  plans[at] = {change = change, command = command, counts = counts}
end
if #rejected > 0 then return {'rejected', unpack(rejected)} end

redis.call('ZADD', KEYS[3], now, ARGV[1])
local answer = {'applied'}
for _, plan in ipairs(plans) do
  redis.call('ZADD', unpack(plan.command))
  for stored, members in pairs(plan.counts) do
    local from = stored and 0 - tonumber(stored) or 0
    local to = from + plan.change
    if stored then
      local left = redis.call('HINCRBY', KEYS[2], whole(from), -members)
      if left == 0 then redis.call('HDEL', KEYS[2], whole(from)) end
    end
    redis.call('HINCRBY', KEYS[2], whole(to), members)
    for _, number in ipairs({from, to, members}) do table.insert(answer, whole(number)) end
  end
end
return answer
