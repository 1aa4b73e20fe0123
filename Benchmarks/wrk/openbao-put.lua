-- POST of the same fields to a new path of OpenBao's KV v2 each time.
-- Arguments: the directory (no other run uses it), and the header that says who asks.
require("summary")

local directory, header, sent = "", "", 0
local body = '{"data":{"projectId":"097bbbf4-d1eb-4512-9950-684445279808","harborUrl":"https://harbor.example.com",' ..
   '"harborProject":"project-%09d","username":"robot$project-%09d+deploy",' ..
   '"password":"9f86d081884c7d659a2feaa0%09d","description":"Production Harbor registry"}}'
local length = #string.format(body, 0, 0, 0)

function init(arguments)
   directory, header = arguments[1], arguments[2]
end

function request()
   sent = sent + 1
   return post_head(string.format("%s/%09d", directory, sent), header, length) .. string.format(body, sent, sent, sent)
end
