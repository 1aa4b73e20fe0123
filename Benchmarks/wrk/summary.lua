-- What every load prints when it ends: one line of JSON for Benchmarks/bench/load.py.

function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      'RESULT {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"max":%d,"errors":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d}\n',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
      errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end

-- The lines of a file, or an error that ends the run.
function lines_of(path)
   local lines = {}
   for line in io.lines(path) do lines[#lines + 1] = line end
   return lines
end

-- The head of a request whose body has `length` bytes.
function post_head(path, header, length)
   return "POST " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n" .. header ..
      "\r\nContent-Type: application/json\r\nContent-Length: " .. length .. "\r\n\r\n"
end
