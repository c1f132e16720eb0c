-- Adds to a counter, which expires after its first use.
-- KEYS: the counter
-- ARGV: by how much, ms until it is gone (empty: never)
local is_new = redis.call('EXISTS', KEYS[1]) == 0
local value = redis.call('INCRBY', KEYS[1], ARGV[1])
if is_new and ARGV[2] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return value
