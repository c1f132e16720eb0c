-- Appends after an expected top under a fence, and publishes, in one step.
-- KEYS: head of the stream, its entries, names of the partition's streams
-- ARGV: name, epoch of a new stream, fence, expected top (both empty: a push by anybody),
--       PUBLISH or SPUBLISH, channel, count of entries, entries..., payloads...
local name, new_epoch, fence, expected, publish, channel, count = unpack(ARGV, 1, 7)
local first = 8
local epoch, top, seen = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'top', 'fence'))
if not epoch then
  epoch, top, seen = new_epoch, 0, 0
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'top', 0, 'fence', 0)
  redis.call('ZADD', KEYS[3], 0, name)
end
top, seen, count = tonumber(top), tonumber(seen), tonumber(count)

local held = 0
if fence ~= '' then
  if tonumber(fence) < seen then return {'fenced', seen} end
  if tonumber(fence) > seen then redis.call('HSET', KEYS[1], 'fence', fence) end
  held = top - tonumber(expected)
  if held < 0 then return {'gap', top, epoch} end
  if held > 0 and held >= count then return {'ahead', top, epoch} end
end

for at = first + held, first + count - 1 do
  top = top + 1
  redis.call('XADD', KEYS[2], string.format('%.0f-0', top), 'b', ARGV[at])
end
redis.call('HSET', KEYS[1], 'top', string.format('%.0f', top))
for at = first + count, #ARGV do redis.call(publish, channel, ARGV[at]) end
return {'appended', top, epoch}
