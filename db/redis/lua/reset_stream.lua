-- Forgets a stream's entries and begins a new epoch.
-- KEYS: head of the stream, its entries, names of the partition's streams
-- ARGV: name, new epoch, fence, position after which it goes on
local seen = tonumber(redis.call('HGET', KEYS[1], 'fence') or 0)
if tonumber(ARGV[3]) < seen then return 0 end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'fence', ARGV[3], 'top', ARGV[4])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
return 1
