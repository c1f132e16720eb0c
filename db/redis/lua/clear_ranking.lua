-- Forgets members, counts and keys, but not the fence.
-- KEYS: members, counts per score, keys applied, highest fence seen
-- ARGV: fence
local seen = tonumber(redis.call('GET', KEYS[4]) or 0)
if tonumber(ARGV[1]) < seen then return 'fenced' end
redis.call('SET', KEYS[4], ARGV[1])
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return 'cleared'
