-- What wrk asks: one visitor after the other, of the addresses in the file that NAMEPLATE_ADDRESSES names.

local addresses = {}
for line in io.lines(os.getenv("NAMEPLATE_ADDRESSES")) do
  addresses[#addresses + 1] = line
end

local turn = 0

function request()
  turn = turn % #addresses + 1
  return wrk.format(nil, nil, { ["X-Forwarded-For"] = addresses[turn] })
end
