-- GET over the paths of a file, one after the other.
-- Arguments: the file, and the header that says who asks.
require("summary")

local requests, at = {}, 0

function init(arguments)
   for _, path in ipairs(lines_of(arguments[1])) do
      requests[#requests + 1] = "GET " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n" .. arguments[2] .. "\r\n\r\n"
   end
end

function request()
   at = at % #requests + 1
   return requests[at]
end
