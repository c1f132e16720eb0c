-- Puts bodies where there are none yet.
-- KEYS: of each, the hash of its room
-- ARGV: their names in it, all in one, then their bytes
-- Answers of each what is there now.
local function put(bodies, name, bytes)
  if redis.call('HSETNX', bodies, name, bytes) == 1 then return bytes end
  return redis.call('HGET', bodies, name)
end

local answers = {}
local next_word = string.gmatch(ARGV[1], '%S+')
for at, bodies in ipairs(KEYS) do
  -- One that fails has {error} for an answer and leaves the others be.
  local is_done, answer = pcall(put, bodies, next_word(), ARGV[at + 1])
  answers[at] = is_done and answer or {answer.err or tostring(answer)}
end
return answers
