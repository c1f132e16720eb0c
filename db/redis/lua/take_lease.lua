-- Grants or renews a lease by this server's time; a grant's token is higher than any before,
-- even where the server forgot them, as long as its clock went on.
-- KEYS: the lease, kept after its end for its token
-- ARGV: holder, ms
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holder, token, until_ms = unpack(redis.call('HMGET', KEYS[1], 'holder', 'token', 'until'))
local is_held = until_ms and tonumber(until_ms) > now
if is_held and holder ~= ARGV[1] then return {'held', holder} end
token = tonumber(token or 0)
if not is_held then token = math.max(token + 1, now) end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'token', string.format('%.0f', token),
  'until', string.format('%.0f', now + ARGV[2]))
return {'granted', token}
