-- Moves members and the counts of their scores, once per key.
-- KEYS: members (by score below zero, so that equal scores stand by id), counts per score,
--       keys applied (by when), highest fence seen
-- ARGV: key, fence, how long keys are kept, how many old ones to forget at most, then member and
--       change by turns
local seen = tonumber(redis.call('GET', KEYS[4]) or 0)
if tonumber(ARGV[2]) < seen then return 'fenced' end
redis.call('SET', KEYS[4], ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local old = redis.call('ZRANGE', KEYS[3], '-inf', now - ARGV[3], 'BYSCORE', 'LIMIT', 0, ARGV[4])
if #old > 0 then redis.call('ZREM', KEYS[3], unpack(old)) end
if redis.call('ZADD', KEYS[3], 'NX', now, ARGV[1]) == 0 then return 'applied before' end

local function whole(number) return string.format('%.0f', number) end
for at = 5, #ARGV, 2 do
  local held = redis.call('ZSCORE', KEYS[1], ARGV[at])
  local score = tonumber(ARGV[at + 1])
  if held then
    local before = 0 - tonumber(held)
    score = score + before
    local left = redis.call('HINCRBY', KEYS[2], whole(before), -1)
    if left == 0 then redis.call('HDEL', KEYS[2], whole(before)) end
  end
  redis.call('ZADD', KEYS[1], whole(0 - score), ARGV[at])
  redis.call('HINCRBY', KEYS[2], whole(score), 1)
end
return 'applied'
