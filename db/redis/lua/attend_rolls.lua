-- Notes members on rolls by this server's time and answers who is there, each roll's as JSON.
-- KEYS: the rolls
-- ARGV: how many ms each stays, all in one, then the members
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function attend(roll, ms, member)
  redis.call('ZREMRANGEBYSCORE', roll, '-inf', string.format('%.0f', now))
  redis.call('ZADD', roll, string.format('%.0f', now + ms), member)
  local present = redis.call('ZRANGE', roll, 0, -1)
  -- A roll whose members all stay away goes with the last, which may be now.
  local last = redis.call('ZRANGE', roll, -1, -1, 'WITHSCORES')
  redis.call('PEXPIREAT', roll, last[2])
  return cjson.encode(present)
end

local answers = {}
local next_word = string.gmatch(ARGV[1], '%S+')
for at, roll in ipairs(KEYS) do
  -- One that fails has {error} for an answer and leaves the others be.
  local is_done, answer = pcall(attend, roll, next_word(), ARGV[at + 1])
  answers[at] = is_done and answer or {answer.err or tostring(answer)}
end
return answers
