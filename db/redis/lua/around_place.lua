-- Who stands around a place in the order, whether or not somebody has it.
-- KEYS: members, by score below zero
-- ARGV: the place's score below zero and member, how many above it, how many below it
local function stands_before(a, b)
  -- Byte by byte as the set orders them; Lua's own < asks the server's locale.
  for at = 1, math.min(#a, #b) do
    local x, y = string.byte(a, at), string.byte(b, at)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local function member_at(index)
  return redis.call('ZRANGE', KEYS[1], index, index)[1]
end

local place = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. ARGV[1])
local tied = redis.call('ZCOUNT', KEYS[1], ARGV[1], ARGV[1])
local last = place + tied
while place < last do
  local middle = math.floor((place + last) / 2)
  if stands_before(member_at(middle), ARGV[2]) then place = middle + 1 else last = middle end
end

local next_after = place
local held = redis.call('ZSCORE', KEYS[1], ARGV[2])
if held and tonumber(held) == tonumber(ARGV[1]) then next_after = place + 1 end
local from = math.max(0, place - tonumber(ARGV[3]))
local to = next_after + tonumber(ARGV[4]) - 1
if to < from then return {} end
return redis.call('ZRANGE', KEYS[1], from, to, 'WITHSCORES')
