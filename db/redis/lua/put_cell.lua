-- Writes a cell unless it was written under a higher fence.
-- KEYS: the cell
-- ARGV: bytes, fence (empty: unfenced), ms until it is gone (empty: never)
local held = redis.call('HGET', KEYS[1], 'fence') or '0'
local fence = ARGV[2] == '' and held or ARGV[2]
if tonumber(fence) < tonumber(held) then return 0 end
redis.call('HSET', KEYS[1], 'bytes', ARGV[1], 'fence', fence)
if ARGV[3] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1
