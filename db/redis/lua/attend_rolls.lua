-- Notes members on rolls by this server's time and answers who is there, each roll's as JSON.
-- KEYS: the rolls
-- ARGV: how many ms each stays, all in one, then the members
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function attend(roll, ms, member)
  redis.call('ZADD', roll, string.format('%.0f', now + ms), member)
  -- Who goes first stands first; whoever is over goes now.
  local held = redis.call('ZRANGE', roll, 0, -1, 'WITHSCORES')
  local members = {}
  for at = 1, #held, 2 do
    if tonumber(held[at + 1]) > now then members[#members + 1] = held[at] end
  end
  if #members < #held / 2 then
    redis.call('ZREMRANGEBYSCORE', roll, '-inf', string.format('%.0f', now))
  end
  -- A roll whose members all stay away goes with the last.
  redis.call('PEXPIREAT', roll, held[#held])
  return cjson.encode(members)
end

local answers = {}
local next_word = string.gmatch(ARGV[1], '%S+')
for at, roll in ipairs(KEYS) do
  -- One that fails has {error} for an answer and leaves the others be.
  local is_done, answer = pcall(attend, roll, next_word(), ARGV[at + 1])
  answers[at] = is_done and answer or {answer.err or tostring(answer)}
end
return answers
