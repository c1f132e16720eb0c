-- Takes members off rolls before their time.
-- KEYS: the rolls
-- ARGV: nothing, then the members
local answers = {}
for at, roll in ipairs(KEYS) do
  -- One that fails has {error} for an answer and leaves the others be.
  local is_done, answer = pcall(redis.call, 'ZREM', roll, ARGV[at + 1])
  answers[at] = is_done and answer or {answer.err or tostring(answer)}
end
return answers
