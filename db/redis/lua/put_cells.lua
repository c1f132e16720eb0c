-- Writes cells, each unless it was written under a higher fence.
-- KEYS: the cells
-- ARGV: of each fence (-: unfenced) and ms until it is gone (-: never), all in one, then their bytes
local function put(cell, fence, expire, bytes)
  local held = redis.call('HGET', cell, 'fence') or '0'
  if fence == '-' then fence = held end
  if tonumber(fence) < tonumber(held) then return 0 end
  redis.call('HSET', cell, 'bytes', bytes, 'fence', fence)
  if expire == '-' then redis.call('PERSIST', cell) else redis.call('PEXPIRE', cell, expire) end
  return 1
end

local answers = {}
local next_word = string.gmatch(ARGV[1], '%S+')
for at, cell in ipairs(KEYS) do
  -- One that fails has {error} for an answer and leaves the others be.
  local is_done, answer = pcall(put, cell, next_word(), next_word(), ARGV[at + 1])
  answers[at] = is_done and answer or {answer.err or tostring(answer)}
end
return answers
