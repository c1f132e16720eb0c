-- Ends a lease before its time, where the holder still has it.
-- KEYS: the lease
-- ARGV: holder
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then redis.call('HSET', KEYS[1], 'until', 0) end
return 1
