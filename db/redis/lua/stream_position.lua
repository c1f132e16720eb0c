-- A stream's epoch, top and oldest entry, seen at one moment.
-- KEYS: head of the stream, its entries
local epoch, top = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'top'))
if not epoch then return false end
local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
return {epoch, top, oldest and oldest[1] or ''}
