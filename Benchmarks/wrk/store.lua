-- POST of a new Harbor credential each time, to the targets of a file in turn.
-- Arguments: a file with "path projectId" lines, the header that says who asks, and after how many requests to stop (0: never).
require("summary")

local heads, bodies, at, sent, limit = {}, {}, 0, 0, 0
local rest = '","harborUrl":"https://harbor.example.com","harborProject":"project-%09d",' ..
   '"username":"robot$project-%09d+deploy","password":"9f86d081884c7d659a2feaa0%09d",' ..
   '"description":"Production Harbor registry"}'

function init(arguments)
   limit = tonumber(arguments[3])
   for index, line in ipairs(lines_of(arguments[1])) do
      local path, project = line:match("^(%S+) (%S+)$")
      bodies[index] = '{"projectId":"' .. project
      heads[index] = post_head(path, arguments[2], #bodies[index] + #string.format(rest, 0, 0, 0))
   end
end

function request()
   at = at % #heads + 1
   sent = sent + 1
   if sent == limit then wrk.thread:stop() end
   return heads[at] .. bodies[at] .. string.format(rest, sent, sent, sent)
end
