-- Appends to streams, to each after an expected top under a fence, and publishes in the same step.
-- KEYS: of each its head ({namespace:p7}:head:name), its entries, names of its partition's streams
-- ARGV: PUBLISH or SPUBLISH; what epochs of new streams begin with; of each fence and expected top
--       (-: a push by anybody), count of entries, of payloads, all in one; then of each its
--       channel, entries..., payloads...
local publish, new_epoch, numbers = unpack(ARGV, 1, 3)

local function append(at, fence, expected, channel, first, payloads, after)
  local head, entries = KEYS[at], KEYS[at + 1]
  local epoch, top, seen = unpack(redis.call('HMGET', head, 'epoch', 'top', 'fence'))
  if not epoch then
    epoch, top, seen = new_epoch .. at, 0, 0
    redis.call('HSET', head, 'epoch', epoch, 'top', 0, 'fence', 0)
    redis.call('ZADD', KEYS[at + 2], 0, string.match(head, '}:head:(.*)'))
  end
  top, seen = tonumber(top), tonumber(seen)

  local held = 0
  if fence ~= '-' then
    if tonumber(fence) < seen then return string.format('fenced %.0f', seen) end
    if tonumber(fence) > seen then redis.call('HSET', head, 'fence', fence) end
    held = top - tonumber(expected)
    if held < 0 then return string.format('gap %.0f %s', top, epoch) end
    if held > 0 and held >= payloads - first then return string.format('ahead %.0f %s', top, epoch) end
  end

  for entry = first + held, payloads - 1 do
    top = top + 1
    redis.call('XADD', entries, string.format('%.0f-0', top), 'b', ARGV[entry])
  end
  redis.call('HSET', head, 'top', string.format('%.0f', top))
  for payload = payloads, after - 1 do redis.call(publish, channel, ARGV[payload]) end
  return string.format('appended %.0f %s', top, epoch)
end

local answers = {}
local next_number = string.gmatch(numbers, '%S+')
local at, channel = 1, 4
while at < #KEYS do
  local fence, expected = next_number(), next_number()
  local first = channel + 1
  local payloads = first + next_number()
  local after = payloads + next_number()
  -- One that fails has {error} for an answer and leaves the others be.
  local is_done, answer = pcall(append, at, fence, expected, ARGV[channel], first, payloads, after)
  answers[#answers + 1] = is_done and answer or {answer.err or tostring(answer)}
  at, channel = at + 3, after
end
return answers
